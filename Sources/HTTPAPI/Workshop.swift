internal import Audit
internal import Authorization
internal import CA
internal import JSON
internal import Logging

/// What every operation works with.
struct Workshop: Sendable {
    let authorities: CertificateAuthorities
    let policy: PolicyInForce
    /// By their `X-Amz-Target`.
    let endpoints: [String: Endpoint]
    /// Reads the configuration's policies anew.
    let loadRulebook: @Sendable () throws(ReloadFailure) -> Rulebook
    let metrics = APIMetrics()
    let logger: Logger

    /// Puts what the configuration says now into force; the digest of what was before. A configuration that cannot be used
    /// changes nothing.
    func reload() throws(ReloadFailure) -> String {
        do {
            let previous = policy.replace(with: try loadRulebook())
            metrics.count(.reloaded)
            logger.notice(
                "policies reloaded",
                metadata: ["digest": "\(policy.rulebook.digest)", "previous": "\(previous)"])
            return previous
        } catch {
            metrics.count(.reloadFailed)
            logger.error("the policies stay as they were", metadata: ["reason": "\(error.reason)"])
            throw error
        }
    }

    /// Records why a request was not carried out; what its caller is told.
    func refuse(_ error: any Error, _ exchange: Exchange) async -> APIError {
        let scope = authorities.naming.scope
        let cause = (error as? RefusedCall)?.cause ?? error
        let call =
            (error as? RefusedCall)?.call ?? exchange.call("Unknown", scope: scope, parameters: .null)
        let answer = APIError(cause)
        count(cause)
        if answer.status >= 500 {
            logger.error(
                "request failed", metadata: ["request": "\(exchange.requestID)", "reason": "\(cause)"])
        }
        do {
            try await authorities.record(call.failed(code: answer.code, message: answer.message))
        } catch {
            logger.critical(
                "a refusal could not be recorded",
                metadata: ["request": "\(exchange.requestID)", "reason": "\(error)"])
        }
        return answer
    }

    private func count(_ cause: any Error) {
        guard let denied = cause as? AccessDenied else { return metrics.count(.failed) }
        metrics.count(.denied)
        if case .undecidable = denied.reason { metrics.count(.undecidable) }
    }
}
