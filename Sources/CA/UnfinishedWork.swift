internal import Audit
internal import Authorization
internal import JSON
internal import Logging
internal import Storage

extension CertificateAuthorities {
    /// Concludes what a crash left half done, before anything new is begun: intents without an outcome, and
    /// authorities and audit reports that were being created. Each is told in the audit log, once, and in the daemon's own.
    public func concludeUnfinishedWork() async throws(CAError) {
        try await concludeIntents(
            "the daemon stopped before the outcome was recorded; a signature may exist, none was released")
        try await concludeCreations()
        try await concludeApprovals()
        try await concludeAuditReports()
    }

    /// Something came between an intent and its outcome: the token may have made a signature that was not released.
    /// - Parameter among: the ids of those that are concluded; nil for all
    func concludeIntents(_ reason: String, among ids: Set<String>? = nil) async throws(CAError) {
        let intents: [IntentRecord]
        do { intents = try await store.unresolvedIntents() } catch { throw .storage(error) }
        for intent in intents where ids?.contains(intent.id) ?? true {
            var details: JSONObject = [
                "intentID": .string(intent.id), "purpose": .string(intent.purpose),
                "certificateAuthorityArn": .string(intent.certificateAuthority),
                "requestID": .string(intent.requestID), "status": "UNRESOLVED",
                "statusReason": .string(reason),
            ]
            var changes: [Change] = [.closeIntent(id: intent.id)]
            var outcome: AuditEvent {
                .service(
                    "SignatureOutcome", scope: naming.scope, time: clock(), inPlaceOf: intent.requestID,
                    details: details)
            }
            if let serialNumber = intent.serialNumber {
                details["serialNumber"] = .string(serialNumber)
                changes.append(
                    .concludeCertificate(
                        serialNumber: serialNumber, .failed(reason: "issuance was interrupted; ask again"),
                        outcome: outcome))
                changes.append(
                    .releaseIdempotency(
                        answer: "\(intent.certificateAuthority)/certificate/\(serialNumber)"))
            } else {
                changes.append(.append(outcome))
            }
            try await commit(changes)
            logger.warning(
                "an intent had no outcome",
                metadata: [
                    "intent": "\(intent.id)", "request": "\(intent.requestID)",
                    "purpose": "\(intent.purpose)",
                ])
        }
    }

    /// The daemon stopped while an authority was being created. A key that was made for it stays on the
    /// token.
    private func concludeCreations() async throws(CAError) {
        var after: String?
        while true {
            let page: [CertificateAuthorityRecord]
            do { page = try await store.certificateAuthorities(after: after, limit: 100) } catch {
                throw .storage(error)
            }
            for record in page where record.status == .creating {
                let arn = naming.certificateAuthority(record.id)
                try await commit(
                    failure(of: record) + [
                        .append(
                            .service(
                                "CreateCertificateAuthorityOutcome", scope: naming.scope, time: clock(),
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
