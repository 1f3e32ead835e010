internal import Audit
internal import Authorization
internal import JSON
internal import Logging
internal import RecordKeeping

/// The dependencies of every operation. It is a class because copying a struct for each request would retain
/// every use case.
final class APIContext: Sendable {
    let useCases: UseCases
    let policy: PolicyInForce
    /// Keyed by `X-Amz-Target`.
    let endpoints: [String: Endpoint]
    /// Reloads the policies of the configuration.
    let loadRulebook: @Sendable () throws(ReloadFailure) -> Rulebook
    let metrics = APIMetrics()
    private let statusRefusals = RequestLimiter()
    private let reloads = SerialQueue()
    let logger: Logger

    init(
        useCases: UseCases, policy: PolicyInForce, endpoints: [String: Endpoint],
        loadRulebook: @escaping @Sendable () throws(ReloadFailure) -> Rulebook, logger: Logger
    ) {
        self.useCases = useCases
        self.policy = policy
        self.endpoints = endpoints
        self.loadRulebook = loadRulebook
        self.logger = logger
    }

    /// Reads the configuration again and puts its rulebook into force after the event is recorded. An invalid
    /// configuration changes nothing. Neither does a rulebook that was read before the one in force.
    /// - Parameter record: records the reload, given the new rulebook and the digest of the previous one
    func reload<Recorded: ~Copyable & Sendable>(
        recording record:
            @escaping @Sendable (_ rulebook: Rulebook, _ previous: String) async throws -> Recorded
    ) async throws -> Recorded {
        // Reloads run one after the other, so that the event of each names the rulebook that it put into
        // force.
        try await reloads.run { try await self.reloadAlone(recording: record) }
    }

    private func reloadAlone<Recorded: ~Copyable & Sendable>(
        recording record: @Sendable (_ rulebook: Rulebook, _ previous: String) async throws -> Recorded
    ) async throws -> Recorded {
        do {
            let reading = policy.beginReading()
            let rulebook = try loadRulebook()
            let previous = policy.rulebook.digest
            let recorded = try await record(rulebook, previous)
            policy.replace(with: rulebook, read: reading)
            metrics.count(.reloaded)
            logger.notice(
                "policies reloaded", metadata: ["digest": "\(rulebook.digest)", "previous": "\(previous)"])
            return recorded
        } catch {
            metrics.count(.reloadFailed)
            let reason = (error as? ReloadFailure)?.reason ?? "\(error)"
            logger.error("the policies stay as they were", metadata: ["reason": "\(reason)"])
            throw error
        }
    }

    /// Records why a request was not carried out, and returns the error for the caller. Does not record a
    /// request that was carried out but cannot be answered, because its event is in the log already.
    /// - Parameter isCounted: whether this function counts the request in the metrics
    func refuse(_ error: any Error, _ requestContext: RequestContext, isCounted: Bool = true) async
        -> APIError
    {
        if let failure = error as? AnswerFailure { return unanswered(failure, requestContext.requestID) }
        let scope = useCases.settings.naming.scope
        let cause = (error as? RefusedCall)?.cause ?? error
        let call =
            (error as? RefusedCall)?.call ?? requestContext.call("Unknown", scope: scope, parameters: .null)
        let answer = APIError(cause)
        if isCounted { count(cause) }
        if answer.status >= 500 {
            logger.error(
                "request failed", metadata: ["request": "\(requestContext.requestID)", "reason": "\(cause)"])
        }
        await record(refusal: answer, of: call)
        return answer
    }

    /// Whether a principal's refused request for a status is recorded: one a minute is. Relying parties cause
    /// these requests, and would fill the log.
    func recordsStatusRefusal(of principal: ARN) -> Bool {
        if case .admitted = statusRefusals.admit(principal, .getOCSPResponse, rate: 1.0 / 60) { return true }
        metrics.count(.denied)
        return false
    }

    /// Logs and counts a request that was carried out and recorded, but cannot be answered.
    private func unanswered(_ failure: AnswerFailure, _ requestID: String) -> APIError {
        metrics.count(.failed)
        logger.error(
            "a request was carried out and could not be answered",
            metadata: ["request": "\(requestID)", "reason": "\(failure.cause)"])
        return APIError(failure.cause)
    }

    private func count(_ cause: any Error) {
        guard let denied = cause as? AccessDenied else { return metrics.count(.failed) }
        metrics.count(.denied)
        if case .undecidable = denied.reason { metrics.count(.undecidable) }
    }
}
