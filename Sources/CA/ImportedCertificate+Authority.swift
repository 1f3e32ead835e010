internal import PKIX
internal import Storage
internal import X509

extension ImportedCertificate {
    /// Holds the certificate against the authority's own key, and its name against that of the authority: the CSR's as
    /// RFC 5280, section 7.1, compares names, and octet for octet that of the certificate which is to be renewed.
    func check(for record: CertificateAuthorityRecord) throws(CAError) {
        guard certificate.publicKey == (try record.publicKey()) else {
            throw .certificateMismatch(
                "the certificate's public key is not that of the certificate authority")
        }
        let own = fields.subject
        if let current = record.certificate {
            try checkRenewal(own, of: current, record)
            return
        }
        let requested: [UInt8]
        do {
            requested = try CertificationRequest.subject(ofVerified: record.certificateSigningRequest ?? [])
        } catch {
            throw .storage(.corrupt("the CSR of the certificate authority \(record.id)"))
        }
        guard let name = NameMatch(derEncoded: own), name == NameMatch(derEncoded: requested[...]) else {
            throw .certificateMismatch(
                "the certificate's subject is not that of the certificate authority's CSR: it "
                    + (NameDifference.description(of: own, from: requested[...]) ?? "is not a Name"))
        }
    }

    // Relying parties may compare names octet for octet: certificates that exist would have another issuer.
    private func checkRenewal(
        _ own: ArraySlice<UInt8>, of current: [UInt8], _ record: CertificateAuthorityRecord
    ) throws(CAError) {
        let known: ArraySlice<UInt8>
        do { known = try CertificateFields(derEncoded: current).subject } catch {
            throw .storage(.corrupt("the certificate of the certificate authority \(record.id)"))
        }
        guard let difference = NameDifference.description(of: own, from: known) else { return }
        let name = NameMatch(derEncoded: own)
        throw .certificateMismatch(
            name != nil && name == NameMatch(derEncoded: known)
                ? "the certificate's subject is encoded differently from that of the certificate it renews, "
                    + "which the certificates that exist name as their issuer: it \(difference)"
                : "the certificate's subject is not that of the certificate it renews: it \(difference)")
    }
}

extension CertificateAuthorityRecord {
    /// The name of the authority as its certificates carry it: the octets of its own certificate's subject, which may
    /// have another encoding than its CSR, or, before there is one, those of the CSR.
    func issuerName() throws(CAError) -> [UInt8] {
        if let certificate {
            do { return Array(try CertificateFields(derEncoded: certificate).subject) } catch {
                throw .storage(.corrupt("the certificate of the certificate authority \(id)"))
            }
        }
        guard let request = certificateSigningRequest else {
            throw .invalidState("The certificate authority is not in a valid state for issuing certificates")
        }
        do { return try CertificationRequest.subject(ofVerified: request) } catch {
            throw .storage(.corrupt("the CSR of the certificate authority \(id)"))
        }
    }
}
