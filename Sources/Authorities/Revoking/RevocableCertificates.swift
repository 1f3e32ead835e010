internal import Authorization
internal import Foundation
internal import PKIX
internal import RecordKeeping
internal import Storage

/// A certificate of an authority that can be revoked.
struct RevocableCertificate: Sendable {
    /// Of the certificate.
    let arn: ARN
    let der: [UInt8]
    let record: RevocationRecord
}

/// Finds the certificate that a revocation is about, and holds it against the rules of revocation.
struct RevocableCertificates: Sendable {
    let store: any CertificateStore & RevocationStore
    let authorities: AuthorityLookup
    let naming: ARNNaming
    let clock: Clock

    /// - Parameters:
    ///   - serialNumber: big-endian, without leading zeros; nil for a text that is no serial number
    func certificate(
        _ serialNumber: [UInt8]?, of arn: ARN, because reason: RevocationRecord.Reason
    ) async throws(CAError) -> RevocableCertificate {
        let authority = try await authorities.record(arn)
        // RFC 5280, section 5.1.2.6: whole seconds.
        let now = Date(timeIntervalSince1970: clock.now().timeIntervalSince1970.rounded(.down))
        let status = try CertificateAuthorityDetails(authority, arn: arn, at: now).status
        guard let serialNumber else {
            throw .invalidRequest(
                "the CertificateSerial is not a number of 1 to 20 octets in hexadecimal, with or without colons"
            )
        }
        let (der, notAfter) = try await certificate(serialNumber, of: authority)
        let text = CertificateRecord.text(ofSerialNumber: serialNumber)
        // The API's own message, which clients compare. It is also the answer for a root without an imported
        // certificate.
        guard try !isSelfSigned(der, text, authority) else {
            throw .invalidRequest("Self-signed certificate can not be revoked")
        }
        guard status == "ACTIVE" || status == "DISABLED" else {
            throw .invalidState(
                "The certificate authority is not in a valid state for revoking certificates: it is \(status)"
            )
        }
        guard notAfter >= now else {
            throw .invalidState("The certificate has expired, and relying parties no longer accept it")
        }
        return RevocableCertificate(
            arn: naming.certificate(text, of: authority.id), der: der,
            record: RevocationRecord(
                certificateAuthority: authority.id, serialNumber: serialNumber, revokedAt: now,
                reason: reason, notAfter: notAfter))
    }

    private func certificate(
        _ serialNumber: [UInt8], of authority: CertificateAuthorityRecord
    ) async throws(CAError) -> (der: [UInt8], notAfter: Date) {
        let text = CertificateRecord.text(ofSerialNumber: serialNumber)
        do throws(StorageError) {
            if let record = try await store.certificate(serialNumber: text),
                record.certificateAuthority == authority.id, case .issued(let der) = record.status
            {
                return (der, record.notAfter)
            }
            if let imported = try await store.importedCertificate(
                serialNumber: serialNumber, of: authority.id)
            {
                return (imported.certificate, imported.notAfter)
            }
        } catch { throw .storage(error) }
        // The certificate of a root that was adopted was not issued here.
        if authority.kind == .root, let der = authority.certificate,
            let fields = try? CertificateFields(derEncoded: der),
            fields.serialNumber.dropFirst(2).drop(while: { $0 == 0 }).elementsEqual(serialNumber)
        {
            throw .invalidRequest("Self-signed certificate can not be revoked")
        }
        throw .certificateNotFound(naming.certificate(text, of: authority.id).description)
    }

    private func isSelfSigned(
        _ der: [UInt8], _ serialNumber: String, _ authority: CertificateAuthorityRecord
    ) throws(CAError) -> Bool {
        guard authority.kind == .root else { return false }
        let fields: CertificateFields
        do { fields = try CertificateFields(derEncoded: der) } catch {
            throw .storage(.corrupt("the certificate \(serialNumber)"))
        }
        return fields.subjectPublicKeyInfo.elementsEqual(authority.subjectPublicKeyInfo ?? [])
    }
}
