internal import HTTPTypes
internal import Logging
internal import NIOCore
internal import NIOHTTPTypes

/// Closes a connection whose phase takes too long, that holds too many requests, or whose refused body is not worth reading.
/// It stands behind the codec, and sees requests and answers whole.
final class PhaseDeadlineHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private let logger: Logger
    private let accepted: ContinuousClock.Instant
    private var phases: ConnectionPhases
    private var timer: Scheduled<Void>?
    private var timerDeadline: Duration?
    /// The decoder in front goes on with the octets that it has, whatever becomes of the connection.
    private var isClosed = false

    init(limits: ConnectionLimits, logger: Logger) {
        self.limits = limits
        self.logger = logger
        accepted = .now
        phases = ConnectionPhases(limits: limits, acceptedAt: .zero)
    }

    private var now: Duration { accepted.duration(to: .now) }

    func handlerAdded(context: ChannelHandlerContext) { schedule(context) }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosed else { return }
        let step: ConnectionPhases.Step =
            switch unwrapInboundIn(data) {
            // Behind such a head the decoder takes octets for another protocol's, and keeps them without limit.
            case .head(let head) where head.method == .connect || head.headerFields[.upgrade] != nil: .close
            case .head: phases.readHead(at: now)
            case .body: .goOn
            case .end: phases.readEnd(at: now)
            }
        guard follow(step, context) else { return }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var promise = promise
        switch unwrapOutboundIn(data) {
        case .head: phases.write(0, at: now)
        case .body(let buffer): phases.write(buffer.readableBytes, at: now)
        case .end:
            let sent = promise ?? context.eventLoop.makePromise()
            promise = sent
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            sent.futureResult.whenSuccess {
                let (handler, context) = bound.value
                _ = handler.follow(handler.phases.sent(at: handler.now), context)
            }
        }
        schedule(context)
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        guard event is ChannelShouldQuiesceEvent else { return }
        _ = follow(phases.stop(at: now), context)
    }

    /// Whether the connection goes on.
    private func follow(_ step: ConnectionPhases.Step, _ context: ChannelHandlerContext) -> Bool {
        guard step == .goOn else {
            isClosed = true
            timer?.cancel()
            context.close(promise: nil)
            return false
        }
        schedule(context)
        return true
    }

    /// One timer for the connection. It is moved only when a deadline comes before it; a later one is looked at when it fires.
    private func schedule(_ context: ChannelHandlerContext) {
        guard context.channel.isActive || timer == nil, let (_, deadline) = phases.next else { return }
        if let timerDeadline, timerDeadline <= deadline { return }
        timer?.cancel()
        timerDeadline = deadline
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let delay = max(.zero, deadline - now)
        timer = context.eventLoop.scheduleTask(in: TimeAmount(delay)) {
            let (handler, context) = bound.value
            handler.fire(context)
        }
    }

    private func fire(_ context: ChannelHandlerContext) {
        timerDeadline = nil
        timer = nil
        guard let (phase, deadline) = phases.next else { return }
        guard deadline <= now else { return schedule(context) }
        logger.debug("a connection was closed", metadata: ["phase": "\(phase.rawValue)"])
        context.close(promise: nil)
    }
}
