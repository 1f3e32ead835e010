internal import Audit
internal import Authorization
internal import CA
internal import Logging
internal import Storage

extension Workshop {
    /// Records a request that changed nothing, by `statement` of a policy. When it cannot be recorded, it is answered all the
    /// same: a caller that asks for a certificate, or for the log itself, learns nothing that was not recorded before. It is told
    /// here with its caller, and counted in the event RecordInterrupted.
    func record(reading call: APICall, allowedBy statement: String) async throws {
        do { try await authorities.record(call.succeeded(statement: statement)) } catch {
            guard case .storage(.unavailable) = error else { throw error }
            authorities.note(.read)
            metrics.count(.unrecordedRead)
            unrecorded("a request was answered that could not be recorded", call, error)
        }
    }

    /// Records a request that was refused or failed. It is told here when that cannot be recorded.
    func record(refusal answer: APIError, of call: APICall) async {
        do { try await authorities.record(call.failed(code: answer.code, message: answer.message)) } catch {
            authorities.note(.refusal)
            metrics.count(.unrecordedRefusal)
            unrecorded("a refusal could not be recorded", call, error)
        }
    }

    private func unrecorded(_ what: String, _ call: APICall, _ error: CAError) {
        logger.critical(
            "\(what)",
            metadata: [
                "request": "\(call.requestID)", "operation": "\(call.operation)",
                "principal": "\(call.principal?.description ?? "none")", "uid": "\(call.peer.uid)",
                "reason": "\(error)",
            ])
    }
}
