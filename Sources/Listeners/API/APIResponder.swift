internal import Audit
internal import Authorization
internal import Foundation
internal import HTTPConnections
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import Operations
internal import PKIX
internal import WireAPI

/// Answers HTTP requests: `POST /` with `X-Amz-Target` is the API; other paths are health and metrics.
struct APIResponder: PeerService {
    let service: APIService
    let readiness: @Sendable () async -> APIServer.Readiness
    private let pacer = RefusalPacer(exempt: [0, geteuid()])
    private let bodies = RequestBodies()
    private let date = DateHeader()
    private let started = ContinuousClock.now
    /// How long the refusal of a request is delayed when its user would wait too long.
    private static let pauseBeforeRefusal = Duration.seconds(1)

    init(
        service: APIService, readiness: @escaping @Sendable () async -> APIServer.Readiness
    ) {
        self.service = service
        self.readiness = readiness
    }

    func isMapped(_ caller: Caller) -> Bool { service.isMapped(caller) }

    func refusal(_ reason: String) -> [UInt8] {
        let body = ErrorBody(type: "ThrottlingException", message: reason)
        return (try? JSONEncoder().encode(body)).map { Array($0) } ?? []
    }

    func refusal(ofMalformed reason: String, from peer: AcceptedPeer) -> [UInt8] {
        pacer.settle(peer.accountable, nil, RequestCost(isDue: true), at: started.duration(to: .now))
        let body = ErrorBody(type: APIError.malformed(reason).code, message: reason)
        return (try? JSONEncoder().encode(body)).map { Array($0) } ?? []
    }

    func respond(to request: Request, from peer: AcceptedPeer) async -> Response {
        var response = await pacedAnswer(to: request, from: peer)
        response.headers[.date] = date.text(at: .now())
        return response
    }

    private func pacedAnswer(to request: Request, from peer: AcceptedPeer) async -> Response {
        let user = peer.accountable
        let admission = pacer.admit(user, at: started.duration(to: .now))
        switch admission {
        case .now: break
        // At most some seconds, even while the daemon stops. Then the request is processed.
        case .after(let wait): try? await Task.sleep(for: wait)
        case .refused:
            service.countThrottled()
            // The delay occupies one of the user's few connections. After an immediate answer the client
            // would retry at once.
            try? await Task.sleep(for: Self.pauseBeforeRefusal)
            var refused = refusal(.throttled, timeOrderedUUID())
            refused.headers[.connection] = "close"
            return refused
        }
        var cost = RequestCost()
        let response = await answer(to: request, from: peer, &cost)
        pacer.settle(user, admission, cost, at: started.duration(to: .now))
        return response
    }

    private func answer(
        to request: Request, from peer: AcceptedPeer, _ cost: inout RequestCost
    ) async -> Response {
        // The listener leaves the body of an answer to HEAD out.
        if request.method == .get || request.method == .head, !service.isOwnWorker(peer.pid) {
            cost.isDue = true
            return await health(request.uri.path)
        }
        let asked = APIRequest(
            isOperation: request.method == .post && request.uri.path.utf8.elementsEqual("/".utf8),
            target: request.headers[.amazonTarget], userAgent: request.headers[.userAgent])
        let answer = await service.answer(asked, from: peer) { most throws(APIError) in
            try await bodies.collect(request, of: peer.accountable, atMost: most, &cost)
        }
        switch answer.result {
        case .success(let output): return response(.ok, answer.requestID, output)
        case .failure(let error):
            if error.isRefusal { cost.isDue = true }
            return refusal(error, answer.requestID)
        }
    }

    private func health(_ path: String) async -> Response {
        switch path {
        case "/metrics": plain(.ok, service.metricsText)
        case "/health/live": plain(.ok, "live\n")
        case "/health/ready":
            switch await readiness() {
            case .ready: plain(.ok, "ready\n")
            case .degraded(let reason): plain(.ok, "degraded: \(reason)\n")
            case .notReady(let reason): plain(.serviceUnavailable, "not ready: \(reason)\n")
            }
        default: plain(.notFound, "there are /health/live, /health/ready and /metrics\n")
        }
    }

    private func refusal(_ error: APIError, _ requestID: String) -> Response {
        let body = try? JSONEncoder().encode(ErrorBody(type: error.code, message: error.message))
        var response = response(.init(code: error.status), requestID, body ?? Data())
        response.headers[.amazonErrorType] = error.code
        return response
    }

    private func response(_ status: HTTPResponse.Status, _ requestID: String, _ body: Data) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "application/x-amz-json-1.1"
        headers[.amazonRequestID] = requestID
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    private func plain(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension HTTPField.Name {
    fileprivate static let amazonTarget = Self(known: "X-Amz-Target")
    fileprivate static let amazonErrorType = Self(known: "x-amzn-ErrorType")
    fileprivate static let amazonRequestID = Self(known: "x-amzn-RequestId")

    /// - Parameter name: of token characters (RFC 9110, section 5.1)
    private init(known name: String) {
        guard let name = Self(name) else { preconditionFailure("`\(name)` is no field name") }
        self = name
    }
}
