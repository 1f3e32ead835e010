internal import Audit
internal import Authorities
internal import Foundation
internal import Identifiers
internal import JSON
internal import Logging
internal import RecordKeeping
internal import Storage

/// Reports private keys on tokens that have no record.
public struct ReportUnrecordedKeys: Sendable {
    let store: any AuthorityStore & AuditLogStore & RevocationStore
    let inventory: any TokenInventory
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let unrecordedKeys: UnrecordedKeys
    let logger: Logger

    /// Compares the private keys on a token with the records. It reports keys without a record with the event
    /// `KeysWithoutRecord` and a warning, once for each key in the life of the daemon.
    ///
    /// A database restored from an older copy matches its own checkpoints, but the token still has the keys
    /// of authorities created after the copy. Keys of another program, of another daemon, or of a ceremony
    /// whose certificate is not adopted yet are reported too. So a report does not stop the daemon.
    public func callAsFunction(onToken token: String) async {
        do {
            // The keys are listed before the records are read: an authority has a record before it has a key.
            let keys = try await inventory.privateKeys(onToken: token)
            let recorded = try await recordedKeys()
            let unrecorded = keys.filter {
                !recorded.contains($0.identifier) && unrecordedKeys.insert($0.identifier)
            }
            guard !unrecorded.isEmpty else {
                return logger.info(
                    "the private keys on the token were compared with the records",
                    metadata: ["token": "\(token)", "keys": "\(keys.count)"])
            }
            let named = unrecorded.prefix(Self.namedKeys)
            logger.warning(
                "the token has private keys that the database has no record of; if the database was restored, it is older than they are",
                metadata: [
                    "token": "\(token)", "keys": "\(unrecorded.count)",
                    "labels": "\(named.map(\.label).joined(separator: ", "))",
                ])
            await recorder.recordNowOrLater(
                .service(
                    .keysWithoutRecord, scope: naming.scope, time: clock.now(),
                    details: [
                        "token": .string(token), "count": .string(String(unrecorded.count)),
                        "keys": .array(
                            named.map {
                                [
                                    "keyIdentifier": .string(hexadecimal($0.identifier)),
                                    "label": .string($0.label),
                                ]
                            }),
                    ]))
        } catch {
            logger.warning(
                "the keys on the token were not compared with the records",
                metadata: ["token": "\(token)", "reason": "\(error)"])
        }
    }

    /// The maximum number of keys that an event names; it counts the others.
    private static let namedKeys = 16

    /// The CKA_ID of each authority's key, of each responder's and of the log's.
    private func recordedKeys() async throws(StorageError) -> Set<[UInt8]> {
        var identifiers: Set<[UInt8]> = []
        if let key = try await store.logKey() { identifiers.insert(key.identifier) }
        identifiers.formUnion(try await store.responders().map(\.keyIdentifier))
        var after: String?
        repeat {
            let page = try await store.certificateAuthorities(after: after, limit: 100)
            identifiers.formUnion(page.map(\.keyIdentifier))
            after = page.last?.id
        } while after != nil
        return identifiers
    }
}
