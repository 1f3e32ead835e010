internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// An outbound event: the body of the request is read now, so a client that expects `100 Continue` may send
/// it.
public struct BodyWanted: Sendable {
    public init() {}
}

/// The answer to a request that is malformed, without its status, which is 400.
public struct MalformedAnswer: Sendable {
    /// Names and values of fields. Content-Length and Connection are added.
    public let fields: [(String, String)]
    public let body: [UInt8]

    public init(fields: [(String, String)], body: [UInt8]) {
        self.fields = fields
        self.body = body
    }
}

/// Decides when a connection ends: when a phase takes too long, when too many requests wait, after the last
/// request of the connection, and after a request that is malformed or whose body is not read. It comes after
/// the decoder and the encoder, so it sees whole requests and answers.
final class PhaseDeadlineHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: PhaseLimits
    private let overhead: MessageOverhead
    private let logger: Logger
    private let refusal: (_ reason: String) -> MalformedAnswer
    private var accepted = NIODeadline.uptimeNanoseconds(0)
    private var phases: ConnectionPhases
    private var timer: Scheduled<Void>?
    private var timerDeadline: Duration?
    /// For each request that is not answered, whether its answer has no body (RFC 9110, section 9.3.2).
    private var isHEAD: [Bool] = []
    /// Whether the newest request waits for `100 Continue` before it sends its body.
    private var expectsContinue = false
    /// The connection is closed, but the decoder may still pass on buffered octets.
    private var isClosed = false
    /// Whether further octets are ignored: the last request of the connection is complete, or malformed.
    private var isInputOver = false
    /// A malformed request after requests that must be answered first.
    private var malformed: MalformedRequest?

    init(
        limits: PhaseLimits, overhead: MessageOverhead, logger: Logger,
        refusal: @escaping (_ reason: String) -> MalformedAnswer
    ) {
        self.limits = limits
        self.overhead = overhead
        self.logger = logger
        self.refusal = refusal
        phases = ConnectionPhases(limits: limits, acceptedAt: .zero)
    }

    private func now(_ context: ChannelHandlerContext) -> Duration {
        .nanoseconds((context.eventLoop.now - accepted).nanoseconds)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        accepted = context.eventLoop.now
        schedule(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosed, !isInputOver else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            // RFC 9112, section 6.1: the decoder takes other codings before `chunked`, and nothing here
            // decodes them.
            let codings = head.headers["Transfer-Encoding"]
            guard codings.isEmpty || codings.count == 1 && codings[0].isEqualIgnoringCase(to: "chunked")
            else {
                return end(behind: MalformedRequest("Transfer-Encoding must be `chunked`"), context)
            }
            // RFC 9112, section 3.2: a request must not have two. A request of HTTP/1.1 without one is
            // accepted although it must have one: a Unix socket has one host, and clients such as
            // AsyncHTTPClient send no Host there.
            guard head.headers["Host"].count <= 1 else {
                return end(behind: MalformedRequest("there must not be two Host fields"), context)
            }
            // The same section: the value must be a host. An empty value is accepted.
            guard head.headers["Host"].allSatisfy({ $0.utf8.allSatisfy(Self.isOfHost) }) else {
                return end(
                    behind: MalformedRequest("Host must be a host, with a port after a colon if it has one"),
                    context)
            }
            guard follow(read(head, at: now(context)), context) else { return }
            context.fireChannelRead(data)
        case .body(let buffer):
            overhead.readBody(buffer.readableBytes)
            context.fireChannelRead(data)
        case .end:
            overhead.readEnd()
            isInputOver = phases.isLastRead
            guard follow(phases.readEnd(at: now(context)), context) else { return }
            // RFC 9110, section 6.5.1: trailers may be discarded. No operation has any.
            context.fireChannelRead(wrapInboundOut(.end(nil)))
        }
    }

    /// RFC 3986, section 3.2.2: unreserved, sub-delims, `%`, the brackets of an address, and the colons in it
    /// and before a port.
    private static func isOfHost(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+,;=%[]:".utf8.contains(octet)
        }
    }

    private func read(_ head: HTTPRequestHead, at now: Duration) -> ConnectionPhases.Step {
        isHEAD.append(head.method == .HEAD)
        // RFC 9110, section 10.1.1: an expectation of HTTP/1.0 is ignored.
        expectsContinue =
            head.version == .http1_1
            && head.headers["Expect"].contains { $0.isEqualIgnoringCase(to: "100-continue") }
        // RFC 9110, section 7.8: Upgrade may be ignored. But the decoder reads no request behind one, nor
        // behind CONNECT, and keeps their octets for another protocol.
        let isLast =
            !head.isKeepAlive || head.version != .http1_1 || head.headers.contains(name: "Upgrade")
            || head.method == .CONNECT
        return phases.readHead(isLast: isLast, at: now)
    }

    /// Reads nothing more once the input is over: the decoder would buffer it.
    func read(context: ChannelHandlerContext) {
        if !isInputOver && !isClosed { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isClosed, !isInputOver else { return }
        // An unfinished body is not a malformed request.
        if phases.isReadingBody, case HTTPParserError.invalidEOFState = error {
            return context.fireErrorCaught(error)
        }
        guard let fault = MalformedRequest(error) else { return context.fireErrorCaught(error) }
        end(behind: fault, context)
    }

    private func end(behind fault: MalformedRequest, _ context: ChannelHandlerContext) {
        isInputOver = true
        logger.debug("a request was malformed", metadata: ["reason": "\(fault.reason)"])
        if phases.isIdle {
            refuse(fault, context)
        } else if phases.isReadingBody {
            // The answer to this request reports the fault, unless an answer is already being sent.
            context.fireErrorCaught(fault)
        } else {
            malformed = fault
        }
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            let isAsked = head.headers[canonicalForm: "Connection"].contains {
                $0.isEqualIgnoringCase(to: "close")
            }
            if phases.beginAnswer(closing: isAsked) {
                head.headers.replaceOrAdd(name: "Connection", value: "close")
            }
            phases.write(0, at: now(context))
            schedule(context)
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body(let octets):
            phases.write(octets.readableBytes, at: now(context))
            schedule(context)
            if isHEAD.first == true { promise?.succeed() } else { context.write(data, promise: promise) }
        case .end:
            if !isHEAD.isEmpty { isHEAD.removeFirst() }
            let sent = promise ?? context.eventLoop.makePromise()
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            sent.futureResult.whenSuccess {
                let (handler, context) = bound.value
                handler.sent(context)
            }
            schedule(context)
            context.write(data, promise: sent)
        }
    }

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
    ) {
        guard event is BodyWanted else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        defer { promise?.succeed() }
        guard expectsContinue, phases.isReadingBody, !isClosed else { return }
        expectsContinue = false
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }

    private func sent(_ context: ChannelHandlerContext) {
        guard follow(phases.sent(at: now(context)), context) else { return }
        if let malformed, phases.isIdle { refuse(malformed, context) }
    }

    /// Sends one answer and then closes the connection.
    private func refuse(_ fault: MalformedRequest, _ context: ChannelHandlerContext) {
        let answer = refusal(fault.reason)
        let body = answer.body
        let head = HTTPResponseHead(
            version: .http1_1, status: .badRequest,
            headers: HTTPHeaders(
                answer.fields + [("Content-Length", "\(body.count)"), ("Connection", "close")]))
        _ = phases.beginAnswer(closing: true)
        phases.write(body.count, at: now(context))
        schedule(context)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(
            wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: body)))), promise: nil)
        let sent = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        sent.futureResult.whenSuccess {
            let (handler, context) = bound.value
            handler.sent(context)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
    }

    // MARK: The end

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        guard event is ChannelShouldQuiesceEvent else { return }
        _ = follow(phases.stop(at: now(context)), context)
    }

    /// Whether the connection goes on.
    private func follow(_ step: ConnectionPhases.Step, _ context: ChannelHandlerContext) -> Bool {
        guard step == .goOn else {
            close(context)
            return false
        }
        schedule(context)
        return true
    }

    private func close(_ context: ChannelHandlerContext) {
        isClosed = true
        timer?.cancel()
        context.close(promise: nil)
    }

    /// One timer for the connection. It is rescheduled only for an earlier deadline; when it fires, it checks
    /// for a later one.
    private func schedule(_ context: ChannelHandlerContext) {
        guard context.channel.isActive || timer == nil, let (_, deadline) = phases.next else { return }
        if let timerDeadline, timerDeadline <= deadline { return }
        timer?.cancel()
        timerDeadline = deadline
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let delay = max(.zero, deadline - now(context))
        timer = context.eventLoop.scheduleTask(in: TimeAmount(delay)) {
            let (handler, context) = bound.value
            handler.fire(context)
        }
    }

    private func fire(_ context: ChannelHandlerContext) {
        timerDeadline = nil
        timer = nil
        guard let (phase, deadline) = phases.next else { return }
        guard deadline <= now(context) else { return schedule(context) }
        logger.debug("a connection was closed", metadata: ["phase": "\(phase.rawValue)"])
        close(context)
    }
}

extension StringProtocol {
    /// - Parameter other: in lower case
    fileprivate func isEqualIgnoringCase(to other: String) -> Bool {
        let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
        let distance = UInt8(ascii: "a") - UInt8(ascii: "A")
        return utf8.elementsEqual(other.utf8) { $0 == $1 || capitals.contains($0) && $0 + distance == $1 }
    }
}
