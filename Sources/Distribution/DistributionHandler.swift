internal import HTTPConnections
internal import NIOCore
internal import NIOHTTP1
internal import PKIX

/// Reads the requests of one connection, and writes their answers. It comes after a handler that passes on
/// one request at a time.
final class DistributionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let distributor: Distributor
    private let address: SourceAddress
    private let date: DateHeader
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ distributor: Distributor, from address: SourceAddress, date: DateHeader) {
        self.distributor = distributor
        self.address = address
        self.date = date
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            if head.method == .POST { context.triggerUserOutboundEvent(BodyWanted(), promise: nil) }
        case .body(let octets):
            // The rest of a body that is too long is not kept; its answer is written at once.
            guard let head else { return }
            guard head.method == .POST, body.count + octets.readableBytes <= OCSPRequest.mostOctets else {
                self.head = nil
                var answer =
                    head.method == .POST
                    ? DistributionAnswer.text(
                        .payloadTooLarge, "a body has at most \(OCSPRequest.mostOctets) octets\n")
                    : DistributionAnswer.text(.badRequest, "only POST has a body\n")
                answer.fields.append(("Connection", "close"))
                return write(answer, to: head, context)
            }
            body += octets.readableBytesView
        case .end:
            guard let head else { return }
            self.head = nil
            answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let request = DistributionRequest(head.method, uri: head.uri, body: body)
        body = []
        if let answer = distributor.immediateAnswer(to: request, from: address) {
            return write(answer, to: head, context)
        }
        let (distributor, address) = (distributor, address)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        Task {
            let answer = await distributor.answer(to: request, from: address)
            eventLoop.execute {
                let (handler, context) = bound.value
                handler.write(answer, to: head, context)
            }
        }
    }

    private func write(
        _ answer: DistributionAnswer, to head: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        guard context.channel.isActive else { return }
        // RFC 9110, section 13.1.2: for other methods it would be a condition of a change.
        let isReading = head.method == .GET || head.method == .HEAD
        let answer = isReading ? answer.unless(has: head.headers["If-None-Match"]) : answer
        var fields = HTTPHeaders(answer.fields)
        fields.add(name: "Date", value: date.text(at: .now()))
        fields.add(name: "Content-Length", value: "\(answer.body.readableBytes)")
        // RFC 9110, section 8.6: an answer without a body may have the length of the one it stands for.
        if answer.status == .notModified { fields.remove(name: "Content-Length") }
        let response = HTTPResponseHead(version: .http1_1, status: answer.status, headers: fields)
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if answer.status != .notModified, answer.body.readableBytes > 0 {
            context.write(wrapOutboundOut(.body(.byteBuffer(answer.body))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
