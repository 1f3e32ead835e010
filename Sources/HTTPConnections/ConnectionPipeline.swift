public import Logging
public import NIOCore
internal import NIOHTTP1

/// The handlers of one connection, from the octets of its socket to requests.
public enum ConnectionPipeline {
    /// Call it on the channel's event loop, before anything is read.
    /// - Parameter refusal: the answer to a malformed request, for its reason
    public static func configure(
        _ channel: any Channel, limits: PhaseLimits, logger: Logger,
        refusal: @escaping (_ reason: String) -> MalformedAnswer
    ) throws {
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = PhaseLimits.mostFieldOctets
        decoding.maxHeaderListSize = PhaseLimits.mostHeadOctets
        decoding.maxHeaderFieldCount = PhaseLimits.mostFields
        let overhead = MessageOverhead()
        try channel.pipeline.syncOperations.addHandlers([
            OverheadHandler(overhead),
            HTTPResponseEncoder(),
            ByteToMessageHandler(
                HTTPRequestDecoder(limitConfiguration: decoding),
                maximumBufferSize: PhaseLimits.mostBufferedOctets),
            PhaseDeadlineHandler(limits: limits, overhead: overhead, logger: logger, refusal: refusal),
        ])
    }
}
