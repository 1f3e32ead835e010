internal import NIOCore

/// Counts the octets of a request that are not its body: its head, the framing of its chunks, its trailers. The decoder bounds
/// heads and trailers, but not chunk extensions nor the size of chunks from below.
///
/// One connection has one, and its event loop alone uses it.
final class MessageOverhead {
    /// Of one request. A body of 4 MiB in chunks of 512 octets has 56 KiB.
    static let most = 131_072

    private var octets = 0

    var isExceeded: Bool { octets > Self.most }

    func read(_ count: Int) { octets += count }

    func readBody(_ count: Int) { octets -= count }

    /// What was read of the next request with the end of this one is not counted: at most the octets of one read.
    func readEnd() { octets = 0 }
}

/// Counts what comes from the socket. It stands in front of the decoder, which hands on what it read of a body before it returns.
final class OverheadHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let overhead: MessageOverhead

    init(_ overhead: MessageOverhead) { self.overhead = overhead }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        overhead.read(unwrapInboundIn(data).readableBytes)
        context.fireChannelRead(data)
        guard overhead.isExceeded else { return }
        context.fireErrorCaught(
            MalformedRequest(
                "the head and the framing of the request's chunks have more than \(MessageOverhead.most) octets"
            ))
    }
}
