internal import Audit
public import Authorization
internal import Foundation
internal import JSON
internal import Jobs
public import Logging
internal import OctetText
internal import RecordKeeping

/// The API behind every front end: finds the operation of a request, limits the caller's rate, carries the
/// operation out, and records the request once.
public struct APIService: Sendable {
    let context: APIContext
    /// Identifies the daemon's own token workers, which are refused regardless of policies.
    private let isWorker: @Sendable (_ pid: Int32) -> Bool
    private let limiter = RequestLimiter()

    /// - Parameters:
    ///   - isWorker: whether a process is a token worker of this daemon
    ///   - loadRulebook: reloads the policies of the configuration
    public init(
        useCases: UseCases, policy: PolicyInForce, logger: Logger,
        isWorker: @escaping @Sendable (_ pid: Int32) -> Bool,
        loadRulebook: @escaping @Sendable () throws(ReloadFailure) -> Rulebook
    ) {
        context = APIContext(
            useCases: useCases, policy: policy,
            endpoints: Dictionary(uniqueKeysWithValues: Endpoint.all.map { ($0.target, $0) }),
            loadRulebook: loadRulebook, logger: logger)
        self.isWorker = isWorker
    }

    /// The `X-Amz-Target` of every operation.
    public static var targets: [String] { Endpoint.all.map(\.target) }

    /// Whether the caller is a principal now.
    public func isMapped(_ caller: Caller) -> Bool {
        guard case .principal = context.policy.rulebook.principals.identify(caller) else { return false }
        return true
    }

    /// Whether a process is a token worker of this daemon. It may not use the API.
    public func isOwnWorker(_ pid: Int32) -> Bool { isWorker(pid) }

    /// The daemon's counters in the Prometheus text format.
    public var metricsText: String {
        let jobs = context.useCases.jobs.statuses.map {
            "signet_job_failing{job=\"\($0.name)\"} \($0.state == .failing ? 1 : 0)\n"
        }
        return context.metrics.text
            + "# HELP signet_job_failing Whether the last run of a job left something undone.\n# TYPE signet_job_failing gauge\n"
            + jobs.joined()
    }

    /// Counts a request that was refused for its rate before it was read.
    public func countThrottled() { context.metrics.count(.throttled) }

    /// Answers one request, and records it.
    /// - Parameter body: reads the body, given its maximum octets; called at most once
    public func answer(
        _ request: APIRequest, from source: some RequestSource,
        body: (_ most: Int) async throws(APIError) -> APIBody
    ) async -> APIAnswer {
        let requestID = timeOrderedUUID()
        let requestContext = RequestContext(
            requestID: requestID, userAgent: request.userAgent, from: checked(source.finding()),
            under: Authorizer(context.policy.rulebook))
        func refused(_ error: APIError) -> APIAnswer {
            APIAnswer(requestID: requestID, result: .failure(error))
        }
        do {
            let output = try await output(of: request, requestContext, source, body)
            context.metrics.count(.succeeded)
            return APIAnswer(requestID: requestID, result: .success(output))
        } catch let unrecorded as Unrecorded {
            context.metrics.count(.denied)
            return refused(APIError(unrecorded.cause))
        } catch let throttled as Throttled {
            // A flood is recorded once a second, not once for each request.
            context.metrics.count(.throttled)
            guard let recorded = throttled.recorded else { return refused(APIError.throttled) }
            return refused(await context.refuse(recorded, requestContext, isCounted: false))
        } catch {
            return refused(await context.refuse(error, requestContext))
        }
    }

    /// Refuses every request of the daemon's own workers, because a module in a worker could connect as the
    /// daemon's user.
    private func checked(_ finding: CallerFinding) -> CallerFinding {
        guard finding.fault == nil, case .process(let peer) = finding.caller, isWorker(peer.pid) else {
            return finding
        }
        return .init(caller: finding.caller, fault: "a token worker of this daemon may not use its API")
    }

    private func output(
        of request: APIRequest, _ arrival: RequestContext, _ source: some RequestSource,
        _ read: (_ most: Int) async throws(APIError) -> APIBody
    ) async throws -> Data {
        var requestContext = arrival
        let scope = context.useCases.settings.naming.scope
        let wanted = Result { try operation(request) }
        let asked = try? wanted.get()
        let (name, action) = (asked?.endpoint?.name ?? "Unknown", asked?.endpoint?.action)
        let parameters: JSONValue = asked?.unknown.map { ["operation": .string($0)] } ?? .null
        // A caller without a principal, or beyond its rate, is refused before the rest of the request is
        // examined.
        var requester: Requester
        do {
            requester = try requestContext.requester(for: action)
            try admit(requester.principal.arn, action, requestContext, name)
        } catch let error as AccessDenied {
            // Refusals of unmapped callers are rate-limited so that they cannot flood the audit log.
            guard limiter.admitRefusalRecord(forUnmapped: source.accountable) else {
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
        let body: APIBody
        do throws(APIError) {
            body = try await read(endpoint.mostBodyOctets)
        } catch {
            throw RefusedCall(cause: error, call: requestContext.call(name, scope: scope, parameters: .null))
        }
        // The rulebook that is in force now decides: it may have been replaced while the body came.
        let rulebook = context.policy.rulebook
        if rulebook.digest != requestContext.authorizer.rulebook.digest {
            requestContext = RequestContext(
                requestID: requestContext.requestID, userAgent: requestContext.userAgent,
                from: checked(source.finding()),
                under: Authorizer(rulebook))
            do { requester = try requestContext.requester(for: action) } catch {
                throw RefusedCall(
                    cause: error, call: requestContext.call(name, scope: scope, parameters: .null))
            }
        }
        defer { withExtendedLifetime(body) {} }
        return try await endpoint.handle(body.octets, requester, requestContext, context)
    }

    /// Limits the principal's rate before its request is read.
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
                return RefusedCall(cause: APIError.throttled, call: call)
            })
    }

    /// The operation that a request names.
    private struct WantedOperation {
        /// Nil when it does not exist.
        let endpoint: Endpoint?
        /// The shortened name of an operation that does not exist.
        var unknown: String?
    }

    /// The maximum octets of the name of an unknown operation in answers and in the log.
    private static let mostNameOctets = 128

    private func operation(_ request: APIRequest) throws -> WantedOperation {
        guard request.isOperation else {
            throw APIError("UnknownOperationException", "the API is `POST /` with an X-Amz-Target header")
        }
        guard let target = request.target else {
            throw APIError("MissingAction", "the request has no X-Amz-Target header")
        }
        if let endpoint = context.endpoints[target] { return WantedOperation(endpoint: endpoint) }
        return WantedOperation(endpoint: nil, unknown: target.prefix(octets: Self.mostNameOctets))
    }
}

/// A refusal that is not recorded, because many like it were recorded just before.
private struct Unrecorded: Error {
    let cause: AccessDenied
}

/// A request beyond the principal's rate.
private struct Throttled: Error {
    /// Nil when the flood was recorded within the last second.
    let recorded: RefusedCall?
}
