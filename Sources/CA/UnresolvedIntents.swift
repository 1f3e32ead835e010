internal import Audit
internal import JSON
internal import Logging
public import Storage

extension CertificateAuthorities {
    /// Intents without an outcome: the daemon stopped between the two, and the token may have made a
    /// signature that nobody was given. Each is reported once, in the log and to whoever calls, and its
    /// certificate concluded as failed.
    @discardableResult
    public func resolveUnfinishedIntents() async throws(CAError) -> [UnresolvedIntent] {
        let intents: [UnresolvedIntent]
        do { intents = try await store.unresolvedIntents() } catch { throw .storage(error) }
        for intent in intents {
            var details: [String: JSONValue] = [
                "intentID": .string(intent.id), "purpose": .string(intent.purpose),
                "certificateAuthorityArn": .string(intent.certificateAuthority),
                "requestID": .string(intent.requestID), "status": "UNRESOLVED",
                "statusReason":
                    "the daemon stopped before the outcome was recorded; a signature may exist, none was released",
            ]
            var changes: [Change] = [.closeIntent(id: intent.id)]
            if let serialNumber = intent.serialNumber {
                details["serialNumber"] = .string(serialNumber)
                changes.append(
                    .concludeCertificate(
                        serialNumber: serialNumber, .failed(reason: "issuance was interrupted; ask again")))
            }
            changes.append(
                .append(.service("SignatureOutcome", scope: naming.scope, time: clock(), details: details)))
            try await commit(changes)
            logger.warning(
                "an intent had no outcome",
                metadata: [
                    "intent": "\(intent.id)", "request": "\(intent.requestID)",
                    "purpose": "\(intent.purpose)",
                ])
        }
        return intents
    }
}
