internal import Audit
internal import Authorization
internal import RecordKeeping
internal import Storage

/// Changes the records of authorities.
struct AuthorityChanges: Sendable {
    let authorities: AuthorityLookup
    let recorder: Recorder

    /// Commits changes of an authority together with the event of the call.
    func change(
        _ arn: ARN, call: APICall, statement: String,
        _ body: (inout CertificateAuthorityRecord) throws(CAError) -> Void
    ) async throws(CAError) -> Audited<Void> {
        var record = try await authorities.record(arn)
        guard record.status != .creating, record.status != .failed else {
            throw .invalidState("The certificate authority is in the \(record.status.rawValue) state")
        }
        try body(&record)
        return try await recorder.commit(
            [.updateCertificateAuthority(record)], answering: Answer((), to: call, allowedBy: statement))
    }
}
