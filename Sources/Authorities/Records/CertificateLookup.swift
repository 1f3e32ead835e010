public import Authorization
public import RecordKeeping
public import Storage

/// Finds the records of certificates by their ARNs.
public struct CertificateLookup: Sendable {
    let store: any CertificateStore
    let authorities: AuthorityLookup
    let naming: ARNNaming

    /// The record of the certificate with this ARN, if this authority issued it.
    public func record(
        _ arn: ARN, of certificateAuthority: ARN
    ) async throws(CAError) -> CertificateRecord {
        let authority = try await authorities.record(certificateAuthority)
        let prefix = certificateAuthority.resource + "/certificate/"
        guard arn.resource.hasPrefix(prefix) else { throw .malformedARN(arn.description) }
        let serialNumber = String(arn.resource.dropFirst(prefix.count))
        let record: CertificateRecord?
        do { record = try await store.certificate(serialNumber: serialNumber) } catch {
            throw .storage(error)
        }
        guard let record, record.certificateAuthority == authority.id,
            arn == naming.certificate(serialNumber, of: authority.id)
        else { throw .certificateNotFound(arn.description) }
        return record
    }
}
