internal import Audit
internal import Authorization
internal import CA
internal import Foundation
internal import HTTPTypes
internal import HummingbirdCore
internal import JSON
internal import Listeners
internal import NIOCore
internal import OctetText
internal import PKIX
internal import WireAPI

/// Answers HTTP requests: `POST /` with `X-Amz-Target` is the API, two paths tell of the daemon's health.
struct APIResponder: PeerService {
    let context: APIContext
    let readiness: @Sendable () async -> APIServer.Readiness
    /// Processes that are refused whatever the policies say: the daemon's own workers.
    let isWorker: @Sendable (_ pid: Int32) -> Bool
    private let limiter = RequestLimiter()
    private let pacer = RefusalPacer(exempt: [0, geteuid()])
    private let bodies = RequestBodies()
    private let date = DateHeader()
    private let started = ContinuousClock.now
    /// How long a request is held that is refused because its user would wait too long.
    private static let pauseBeforeRefusal = Duration.seconds(1)

    init(
        context: APIContext, readiness: @escaping @Sendable () async -> APIServer.Readiness,
        isWorker: @escaping @Sendable (_ pid: Int32) -> Bool
    ) {
        self.context = context
        self.readiness = readiness
        self.isWorker = isWorker
    }

    func isMapped(_ peer: Peer) -> Bool {
        guard case .principal = context.policy.rulebook.principals.identify(peer) else { return false }
        return true
    }

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
        // At most some seconds, for a daemon that stops as well: the request is looked at afterwards.
        case .after(let wait): try? await Task.sleep(for: wait)
        case .refused:
            context.metrics.count(.throttled)
            // The connection is held meanwhile, and a user has few of them: an answer at once would be asked for again at once.
            try? await Task.sleep(for: Self.pauseBeforeRefusal)
            var refused = refusal(Throttled.answer, timeOrderedUUID())
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
        let finding = peer.finding()
        // The listener leaves the body of an answer to HEAD out.
        if request.method == .get || request.method == .head, !isWorker(finding.peer.pid) {
            cost.isDue = true
            return await health(request.uri.path)
        }
        let answer = await answer(to: request, finding, peer, &cost)
        if answer.isRefused { cost.isDue = true }
        return answer.response
    }

    /// An answer, and whether it refuses what policies, formats or limits do not allow.
    private struct Answer {
        let response: Response
        let isRefused: Bool
    }

    private func answer(
        to request: Request, _ finding: AcceptedPeer.Finding, _ peer: AcceptedPeer, _ cost: inout RequestCost
    ) async -> Answer {
        let requestID = timeOrderedUUID()
        let requestContext = RequestContext(
            requestID: requestID, userAgent: request.headers[.userAgent], from: checked(finding),
            under: Authorizer(context.policy.rulebook))
        func refused(_ error: APIError) -> Answer {
            Answer(response: refusal(error, requestID), isRefused: error.isRefusal)
        }
        do {
            let body = try await answer(request, requestContext, peer, &cost)
            context.metrics.count(.succeeded)
            return Answer(response: response(.ok, requestID, body), isRefused: false)
        } catch let unrecorded as Unrecorded {
            context.metrics.count(.denied)
            return refused(APIError(unrecorded.cause))
        } catch let throttled as Throttled {
            // A flood is answered without a record for each of it.
            context.metrics.count(.throttled)
            guard let recorded = throttled.recorded else { return refused(Throttled.answer) }
            return refused(await context.refuse(recorded, requestContext, isCounted: false))
        } catch {
            return refused(await context.refuse(error, requestContext))
        }
    }

    /// The daemon's own workers are refused, whatever they ask: a module in one of them would ask as the daemon's user.
    private func checked(_ finding: AcceptedPeer.Finding) -> AcceptedPeer.Finding {
        guard finding.fault == nil, isWorker(finding.peer.pid) else { return finding }
        return .init(peer: finding.peer, fault: "a token worker of this daemon may not use its API")
    }

    private func answer(
        _ request: Request, _ arrival: RequestContext, _ peer: AcceptedPeer, _ cost: inout RequestCost
    ) async throws -> Data {
        var requestContext = arrival
        let scope = context.useCases.settings.naming.scope
        let wanted = Result { try operation(request) }
        let asked = try? wanted.get()
        let (name, action) = (asked?.endpoint?.name ?? "Unknown", asked?.endpoint?.action)
        let parameters: JSONValue = asked?.unknown.map { ["operation": .string($0)] } ?? .null
        // A peer that is no principal, or asks too often, is refused before anything else of the request is looked at.
        var requester: Requester
        do {
            requester = try requestContext.requester(for: action)
            try admit(requester.principal.arn, action, requestContext, name)
        } catch let error as AccessDenied {
            // Refusals of unmapped peers are rate-limited so that they cannot flood the audit log.
            guard limiter.admitRefusalRecord(forUnmapped: peer.accountable) else {
                throw Unrecorded(cause: error)
            }
            throw RefusedCall(
                cause: error, call: requestContext.call(name, scope: scope, parameters: parameters))
        }
        guard let endpoint = try wanted.get().endpoint else {
            let error = APIError.unknownOperation(asked?.unknown ?? "")
            throw RefusedCall(
                cause: error, call: requestContext.call(name, scope: scope, parameters: parameters))
        }
        let body: RequestBodies.Body
        do throws(APIError) {
            body = try await bodies.collect(
                request, of: peer.accountable, atMost: endpoint.mostBodyOctets, &cost)
        } catch {
            throw RefusedCall(cause: error, call: requestContext.call(name, scope: scope, parameters: .null))
        }
        // The rulebook that is in force now decides: it may have been replaced while the body came.
        let rulebook = context.policy.rulebook
        if rulebook.digest != requestContext.authorizer.rulebook.digest {
            requestContext = RequestContext(
                requestID: requestContext.requestID, userAgent: requestContext.userAgent,
                from: checked(peer.finding()),
                under: Authorizer(rulebook))
            do { requester = try requestContext.requester(for: action) } catch {
                throw RefusedCall(
                    cause: error, call: requestContext.call(name, scope: scope, parameters: .null))
            }
        }
        return try await endpoint.handle(body.octets, requester, requestContext, context)
    }

    /// Holds the principal to its rate, before anything of its request is read.
    private func admit(_ principal: ARN, _ action: Action?, _ requestContext: RequestContext, _ name: String)
        throws(Throttled)
    {
        guard let rate = requestContext.authorizer.rulebook.quotas.rate(of: principal, action),
            case .refused(let refusal) = limiter.admit(principal, action, rate: rate)
        else { return }
        throw Throttled(
            recorded: refusal.map { refusal in
                let call = requestContext.call(
                    name, scope: context.useCases.settings.naming.scope,
                    parameters: ["requestsRefused": .integer(Int64(refusal.count))])
                return RefusedCall(cause: Throttled.answer, call: call)
            })
    }

    /// The operation a request asks for.
    private struct WantedOperation {
        /// Nil when it does not exist.
        let endpoint: Endpoint?
        /// What is kept of the name of an operation that does not exist.
        var unknown: String?
    }

    /// Octets of the name of an operation that does not exist, in answers and in the log.
    private static let mostNameOctets = 128

    private func operation(_ request: Request) throws -> WantedOperation {
        guard request.method == .post, request.uri.path.utf8.elementsEqual("/".utf8) else {
            throw APIError("UnknownOperationException", "the API is `POST /` with an X-Amz-Target header")
        }
        guard let target = request.headers[.amazonTarget] else {
            throw APIError("MissingAction", "the request has no X-Amz-Target header")
        }
        if let endpoint = context.endpoints[target] { return WantedOperation(endpoint: endpoint) }
        return WantedOperation(endpoint: nil, unknown: target.prefix(octets: Self.mostNameOctets))
    }

    private func health(_ path: String) async -> Response {
        switch path {
        case "/metrics": plain(.ok, context.metrics.text)
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

/// A refusal like many before it, which are on record.
private struct Unrecorded: Error {
    let cause: AccessDenied
}

/// A principal that asks more often than it may.
private struct Throttled: Error {
    static let answer = APIError("ThrottlingException", "Rate exceeded")

    /// Nil when the flood is on record already.
    let recorded: RefusedCall?
}
