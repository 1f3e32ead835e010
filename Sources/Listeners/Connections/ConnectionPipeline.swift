internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypesHTTP1

/// The handlers of one connection, from the octets of its socket to requests.
enum ConnectionPipeline {
    /// Call it on the channel's event loop, before anything is read.
    /// - Parameter refusal: the body of the answer to a malformed request, for its reason
    static func configure(
        _ channel: any Channel, limits: ConnectionLimits, logger: Logger,
        refusal: @escaping (_ reason: String) -> [UInt8]
    ) throws {
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = ConnectionLimits.mostFieldOctets
        decoding.maxHeaderListSize = ConnectionLimits.mostHeadOctets
        decoding.maxHeaderFieldCount = ConnectionLimits.mostFields
        let overhead = MessageOverhead()
        try channel.pipeline.syncOperations.addHandlers([
            OverheadHandler(overhead),
            HTTPResponseEncoder(),
            ByteToMessageHandler(
                HTTPRequestDecoder(limitConfiguration: decoding),
                maximumBufferSize: ConnectionLimits.mostBufferedOctets),
            PhaseDeadlineHandler(limits: limits, overhead: overhead, logger: logger, refusal: refusal),
            HTTP1ToHTTPServerCodec(secure: false),
        ])
    }
}
