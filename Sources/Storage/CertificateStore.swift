/// A store of issued certificates.
public protocol CertificateStore: ChangeStore {
    func certificate(serialNumber: String) async throws(StorageError) -> CertificateRecord?

    /// Those that were issued, in the order of their signatures; at most `limit`, and those behind `after`.
    func issuedCertificates(
        of certificateAuthority: String, after: CertificateRecord?, limit: Int
    ) async throws(StorageError) -> [CertificateRecord]

    /// The signatures that were about to be made and have no outcome yet.
    func unresolvedIntents() async throws(StorageError) -> [IntentRecord]
}
