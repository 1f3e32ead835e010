internal import Audit
internal import Authorization
internal import JSON
internal import Logging
public import RecordKeeping
internal import Storage

/// Concludes authorities that were being created when the daemon stopped.
public struct InterruptedCreations: Sendable {
    let store: any AuthorityStore
    let creation: AuthorityCreation
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let logger: Logger

    /// The daemon stopped while an authority was being created. A key that was made for it stays on the
    /// token.
    public func conclude() async throws(CAError) {
        var after: String?
        while true {
            let page: [CertificateAuthorityRecord]
            do { page = try await store.certificateAuthorities(after: after, limit: 100) } catch {
                throw .storage(error)
            }
            for record in page where record.status == .creating {
                let arn = naming.certificateAuthority(record.id)
                try await recorder.commit(
                    try creation.failure(of: record) + [
                        .append(
                            .service(
                                .createCertificateAuthorityOutcome, scope: naming.scope, time: clock.now(),
                                details: [
                                    "certificateAuthorityArn": .string(arn.description), "status": "FAILED",
                                    "statusReason": "the daemon stopped before the authority was created",
                                ]))
                    ])
                logger.warning("an authority was not created completely", metadata: ["authority": "\(arn)"])
            }
            guard let last = page.last else { return }
            after = last.id
        }
    }
}
