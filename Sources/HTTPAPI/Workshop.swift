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
    let logger: Logger

    /// Records why a request was not carried out; what its caller is told.
    func refuse(_ error: any Error, _ exchange: Exchange) async -> APIError {
        let scope = authorities.naming.scope
        let cause = (error as? RefusedCall)?.cause ?? error
        let call =
            (error as? RefusedCall)?.call ?? exchange.call("Unknown", scope: scope, parameters: .null)
        let answer = APIError(cause)
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
}
