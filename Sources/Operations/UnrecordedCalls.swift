internal import Audit
internal import Authorization
internal import Logging
internal import RecordKeeping
internal import Storage

extension APIContext {
    /// Logs and counts a request that was answered without a record in the audit log.
    func reportUnrecorded(read call: APICall) {
        metrics.count(.unrecordedRead)
        unrecorded("a request was answered that could not be recorded", call, "the log cannot be written")
    }

    /// Records a request that was refused or failed. Counts the request when it cannot be recorded.
    func record(refusal answer: APIError, of call: APICall) async {
        do {
            try await useCases.recorder.record(call.failed(code: answer.code, message: answer.message))
        } catch {
            useCases.recorder.addUnrecordedRefusal()
            metrics.count(.unrecordedRefusal)
            unrecorded("a refusal could not be recorded", call, error.description)
        }
    }

    private func unrecorded(_ what: String, _ call: APICall, _ reason: String) {
        logger.critical(
            "\(what)",
            metadata: [
                "request": "\(call.requestID)", "operation": "\(call.operation)",
                "principal": "\(call.principal?.description ?? "none")", "uid": "\(call.caller.uid)",
                "reason": "\(reason)",
            ])
    }
}
