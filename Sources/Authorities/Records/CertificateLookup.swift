public import Authorization
internal import Identifiers
public import RecordKeeping
public import Storage

/// Finds the records of certificates by their ARNs.
public struct CertificateLookup: Sendable {
    let store: any CertificateStore & RevocationStore
    let authorities: AuthorityLookup
    let naming: ARNNaming

    /// The record of the certificate with this ARN, if this authority signed it.
    public func record(
        _ arn: ARN, of certificateAuthority: ARN
    ) async throws(CAError) -> CertificateRecord {
        let authority = try await authorities.record(certificateAuthority)
        let prefix = certificateAuthority.resource + "/certificate/"
        guard arn.resource.hasPrefix(prefix) else { throw .malformedARN(arn.description) }
        let serialNumber = String(arn.resource.dropFirst(prefix.count))
        var record: CertificateRecord?
        do throws(StorageError) {
            record = try await store.certificate(serialNumber: serialNumber)
            if record == nil { record = try await imported(serialNumber, of: authority.id) }
        } catch { throw .storage(error) }
        guard let record, record.certificateAuthority == authority.id,
            arn == naming.certificate(serialNumber, of: authority.id)
        else { throw .certificateNotFound(arn.description) }
        return record
    }

    /// A certificate that the authority signed elsewhere. It has no template and no outcome.
    private func imported(
        _ serialNumber: String, of authority: String
    ) async throws(StorageError) -> CertificateRecord? {
        guard let octets = octets(hexadecimal: serialNumber)?.drop(while: { $0 == 0 }),
            let imported = try await store.importedCertificate(
                serialNumber: Array(octets), of: authority)
        else { return nil }
        return CertificateRecord(
            serialNumber: serialNumber, certificateAuthority: authority,
            status: .issued(imported.certificate),
            templateARN: "", requester: imported.requester, requestedAt: imported.importedAt,
            notAfter: imported.notAfter)
    }
}
