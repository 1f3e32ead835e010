internal import HTTPConnections
internal import HummingbirdCore
internal import NIOCore

/// The body of a request that expects `100 Continue`. The first read sends `100 Continue` to the client. A
/// request that is refused before its body is read gets the final answer only.
struct ExpectedBody: AsyncSequence, Sendable {
    let octets: RequestBody
    let channel: any Channel

    struct Iterator: AsyncIteratorProtocol {
        var octets: RequestBody.AsyncIterator
        /// Nil after `100 Continue` was sent.
        var channel: (any Channel)?

        @concurrent mutating func next() async throws -> ByteBuffer? {
            if let channel {
                self.channel = nil
                channel.triggerUserOutboundEvent(BodyWanted(), promise: nil)
            }
            return try await octets.next()
        }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(octets: octets.makeAsyncIterator(), channel: channel)
    }
}
