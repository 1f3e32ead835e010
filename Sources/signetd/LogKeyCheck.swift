internal import AuditLog
internal import Identifiers
internal import PKIX
internal import Settings
internal import Storage
internal import VisibleText

extension DaemonSettings {
    /// The ceremony records that keys must have; nil when they need none.
    func ceremonyRecords() throws(StartupError) -> CeremonyRecords? {
        guard let ceremony = tokens.ceremony else { return nil }
        return try CeremonyRecords(ceremony, log: log?.origin)
    }
}

extension LogIdentity.CeremonyKey {
    /// Refuses a log that has another key already. It would get no checkpoints, because its key has no
    /// ceremony record.
    func checkIsOfLog(in store: any AuditLogStore) async throws {
        guard let stored = try await store.logKey(), stored.subjectPublicKeyInfo != publicKey.derBytes else {
            return
        }
        throw StartupError(
            "the log in the database has the key \(hexadecimal(stored.identifier)), and `ceremony` has the transcript of another, \(hexadecimal(identifier))",
            hint:
                "a log keeps its key: put the transcript of its key in `ceremony.records`, or leave out `ceremony` or `log`",
            status: .configuration)
    }
}
