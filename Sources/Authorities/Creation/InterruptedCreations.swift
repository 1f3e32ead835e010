internal import Audit
internal import Authorization
internal import JSON
internal import Logging
public import RecordKeeping
internal import Storage

/// Marks authorities FAILED whose creation the end of the daemon interrupted.
public struct InterruptedCreations: Sendable {
    let store: any AuthorityStore
    let creation: AuthorityCreation
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let logger: Logger

    /// Records the outcome of each interrupted creation. A key that was generated for the authority stays on
    /// the token.
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
