internal import NIOCore

/// Counts the octets of a request that are not its body: its head, the framing of its chunks, its trailers.
/// The decoder limits heads and trailers, but neither chunk extensions nor the minimum size of chunks.
///
/// Each connection has one, used only on its event loop.
final class MessageOverhead {
    /// Of one request. A body of 4 MiB in chunks of 512 octets has 56 KiB.
    static let most = 131_072

    private var octets = 0

    var isExceeded: Bool { octets > Self.most }

    func read(_ count: Int) { octets += count }

    func readBody(_ count: Int) { octets -= count }

    /// Resets the count. Octets of the next request in the same read are not counted, which are at most those
    /// of one read.
    func readEnd() { octets = 0 }
}

/// Counts what comes from the socket. It comes before the decoder, which passes body data on before it
/// returns.
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
