/// A store of issued certificates.
public protocol CertificateStore: ChangeStore {
    func certificate(serialNumber: String) async throws(StorageError) -> CertificateRecord?

    /// Issued certificates in the order of their signatures; at most `limit`, after `after`.
    func issuedCertificates(
        of certificateAuthority: String, after: CertificateRecord?, limit: Int
    ) async throws(StorageError) -> [CertificateRecord]

    /// Intents without an outcome.
    func unresolvedIntents() async throws(StorageError) -> [IntentRecord]
}
