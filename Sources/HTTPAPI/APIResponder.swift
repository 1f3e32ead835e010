internal import Audit
internal import Authorization
internal import CA
internal import Foundation
internal import HTTPTypes
internal import HummingbirdCore
internal import JSON
internal import NIOCore
internal import PKIX
internal import WireAPI

/// Answers HTTP requests: `POST /` with `X-Amz-Target` is the API, two paths tell of the daemon's health.
struct APIResponder: Sendable {
    let workshop: Workshop
    let limits: APIServer.Limits
    let limiter = RequestLimiter()
    let connections = Connections()
    let date = DateHeader()
    let readiness: @Sendable () async -> APIServer.Readiness

    /// - Parameter channel: which the request came on, and knows its peer
    func respond(to request: Request, on channel: any Channel) async -> Response {
        var response = await answer(to: request, on: channel)
        response.headers[.date] = date.text(at: .now())
        return response
    }

    private func answer(to request: Request, on channel: any Channel) async -> Response {
        if request.method == .get { return await health(request.uri.path) }
        let requestID = timeOrderedUUID()
        let exchange = Exchange(
            requestID: requestID, userAgent: request.headers[.userAgent],
            from: await connections.peer(of: channel),
            under: Authorizer(workshop.policy.rulebook))
        do {
            let body = try await answer(request, exchange)
            workshop.metrics.count(.succeeded)
            return response(.ok, requestID, body)
        } catch let unrecorded as Unrecorded {
            workshop.metrics.count(.denied)
            return refusal(APIError(unrecorded.cause), requestID)
        } catch let throttled as Throttled {
            // A flood is answered without a record for each of it.
            workshop.metrics.count(.throttled)
            guard let recorded = throttled.recorded else { return refusal(Throttled.answer, requestID) }
            return refusal(await workshop.refuse(recorded, exchange, isCounted: false), requestID)
        } catch {
            return refusal(await workshop.refuse(error, exchange), requestID)
        }
    }

    private func answer(_ request: Request, _ exchange: Exchange) async throws -> Data {
        let wanted = Result { try operation(request) }
        let (name, action) = (try? wanted.get()).map { ($0.name, $0.action) } ?? ("Unknown", nil)
        // Who is no principal, or asks too often, is refused before anything else of the request is looked at.
        let requester: Requester
        do {
            requester = try exchange.requester(for: action)
            try admit(requester.principal.arn, action, exchange, name)
        } catch let error as AccessDenied {
            // Who is nobody cannot fill the log.
            guard limiter.isRecorded(stranger: exchange.peer.uid) else { throw Unrecorded(cause: error) }
            let scope = workshop.authorities.naming.scope
            throw RefusedCall(cause: error, call: exchange.call(name, scope: scope, parameters: .null))
        }
        guard let endpoint = try wanted.get().endpoint else { throw APIError.unknownOperation(name) }
        let body: Data
        do { body = try await self.body(of: request) } catch {
            let scope = workshop.authorities.naming.scope
            throw RefusedCall(cause: error, call: exchange.call(name, scope: scope, parameters: .null))
        }
        return try await endpoint.handle(body, requester, exchange, workshop)
    }

    /// Holds the principal to its rate, before anything of its request is read.
    private func admit(_ principal: ARN, _ action: Action?, _ exchange: Exchange, _ name: String)
        throws(Throttled)
    {
        guard let rate = exchange.authorizer.rulebook.quotas.rate(of: principal, action),
            case .refused(let refusal) = limiter.admit(principal, action, rate: rate)
        else { return }
        throw Throttled(
            recorded: refusal.map { refusal in
                let call = exchange.call(
                    name, scope: workshop.authorities.naming.scope,
                    parameters: ["requestsRefused": .integer(Int64(refusal.count))])
                return RefusedCall(cause: Throttled.answer, call: call)
            })
    }

    /// What a request asks for; without an endpoint when that does not exist.
    private struct WantedOperation {
        let endpoint: Endpoint?
        let name: String
        let action: Action?
    }

    private func operation(_ request: Request) throws -> WantedOperation {
        guard request.method == .post, request.uri.path == "/" else {
            throw APIError("UnknownOperationException", "the API is `POST /` with an X-Amz-Target header")
        }
        guard let target = request.headers[.amazonTarget] else {
            throw APIError("MissingAction", "the request has no X-Amz-Target header")
        }
        if let endpoint = workshop.endpoints[target] {
            return WantedOperation(endpoint: endpoint, name: endpoint.name, action: endpoint.action)
        }
        let parts = target.split(separator: ".", maxSplits: 1)
        guard parts.count == 2, let service = WireService(rawValue: String(parts[0])) else {
            throw APIError.unknownOperation(target)
        }
        let name = String(parts[1])
        return WantedOperation(
            endpoint: nil, name: name, action: Action(rawValue: "\(service.actionPrefix):\(name)"))
    }

    private func body(of request: Request) async throws -> Data {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limits.bodyBytes {
            throw tooLarge
        }
        // Who falls silent is cut off by the server; this is for who trickles.
        let deadline = ContinuousClock.now + .seconds(limits.idleSeconds)
        var collected = Data()
        for try await chunk in request.body {
            guard ContinuousClock.now < deadline else {
                throw APIError(
                    "RequestTimeoutException", "the body did not come within \(limits.idleSeconds) seconds",
                    status: 408)
            }
            guard collected.count + chunk.readableBytes <= limits.bodyBytes else { throw tooLarge }
            collected.append(contentsOf: chunk.readableBytesView)
        }
        return collected
    }

    private var tooLarge: APIError {
        APIError(
            "RequestEntityTooLargeException", "the body is larger than \(limits.bodyBytes) bytes", status: 413
        )
    }

    private func health(_ path: String) async -> Response {
        switch path {
        case "/metrics": plain(.ok, workshop.metrics.text)
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
        // What is left of a body that was refused is not worth reading.
        if error.status == 413 || error.status == 408 { response.headers[.connection] = "close" }
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
