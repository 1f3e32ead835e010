public import Authorization
public import RecordKeeping
public import Storage

/// Finds the records of authorities by their ARNs.
public struct AuthorityLookup: Sendable {
    let store: any AuthorityStore
    let naming: ARNNaming

    /// The record of the certificate authority with this ARN.
    public func record(_ arn: ARN) async throws(CAError) -> CertificateAuthorityRecord {
        let id = try authorityID(arn)
        let record: CertificateAuthorityRecord?
        do { record = try await store.certificateAuthority(id) } catch { throw .storage(error) }
        guard let record else { throw .certificateAuthorityNotFound(arn) }
        return record
    }

    private func authorityID(_ arn: ARN) throws(CAError) -> String {
        let kind = "certificate-authority/"
        guard arn.service == "acm-pca", arn.resource.hasPrefix(kind) else {
            throw .malformedARN(arn.description)
        }
        let id = String(arn.resource.dropFirst(kind.count))
        guard !id.utf8.contains(UInt8(ascii: "/")) else { throw .malformedARN(arn.description) }
        guard naming.isOwn(arn) else { throw .certificateAuthorityNotFound(arn) }
        return id
    }
}
