internal import Audit
internal import Authorization
internal import JSON
internal import Logging
internal import Storage

/// Concludes signatures whose outcome was not recorded.
public struct InterruptedSignatures: Sendable {
    let store: any CertificateStore
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let logger: Logger

    /// Records the outcome UNRESOLVED for intents without an outcome. The token may have made a signature
    /// that was not released.
    /// - Parameter among: the ids of the intents to conclude; nil for all
    public func conclude(_ reason: String, among ids: Set<String>? = nil) async throws(CAError) {
        let intents: [IntentRecord]
        do { intents = try await store.unresolvedIntents() } catch { throw .storage(error) }
        for intent in intents where ids?.contains(intent.id) ?? true {
            var details: JSONObject = [
                "intentID": .string(intent.id), "purpose": .string(intent.purpose),
                "certificateAuthorityArn": .string(intent.certificateAuthority),
                "requestID": .string(intent.requestID), "status": "UNRESOLVED",
                "statusReason": .string(reason),
            ]
            // Each signature that the intent permitted may have been made.
            if let most = intent.maximumSignatures { details["signatures"] = .string("\(most)") }
            var changes: [Change] = [.closeIntent(id: intent.id)]
            var outcome: AuditEvent {
                .service(
                    .signatureOutcome, scope: naming.scope, time: clock.now(), inPlaceOf: intent.requestID,
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
            try await recorder.commit(changes)
            logger.warning(
                "an intent had no outcome",
                metadata: [
                    "intent": "\(intent.id)", "request": "\(intent.requestID)",
                    "purpose": "\(intent.purpose)",
                ])
        }
    }
}
