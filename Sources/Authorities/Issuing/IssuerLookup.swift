internal import Authorization
internal import Foundation
internal import Issuance
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import X509

/// Finds the issuing authority.
struct IssuerLookup: Sendable {
    let naming: ARNNaming
    let settings: IssuanceSettings
    let revocation: RevocationSettings
    let parsed = IssuingAuthorities()

    /// The issuing authority of a record, cached until the record changes.
    func authority(_ record: CertificateAuthorityRecord) throws(CAError) -> IssuingAuthority {
        if let known = parsed.authority(record) { return known }
        let subject = try record.issuerName()
        let arn = naming.certificateAuthority(record.id)
        let isShortLived = record.usageMode == .shortLivedCertificate
        let authority = IssuingAuthority(
            arn: arn, isRoot: record.kind == .root,
            keyAlgorithm: record.keyAlgorithm, publicKey: try record.publicKey(), subject: subject,
            certificate: try record.parsedCertificate(), ancestors: try record.parsedChain(),
            longestValidity: isShortLived ? Self.shortLivedLimit : nil,
            backdate: settings.backdates[arn] ?? settings.backdate,
            longestNotBefore: longestNotBefore(of: arn),
            // AWS Private CA User Guide, "Short-lived certificates": they have no revocation data.
            listLocation: isShortLived ? nil : revocation.listLocation(of: record.id, record.revocation),
            responderURL: isShortLived ? nil : revocation.responderURL(record.revocation))
        parsed.keep(authority, of: record)
        return authority
    }

    /// If an authority has its own backdate, the general limit does not apply to it.
    private func longestNotBefore(of arn: ARN) -> Int64? {
        settings.longestNotBefores[arn]
            ?? (settings.backdates[arn] == nil ? settings.longestNotBefore : nil)
    }

    /// In seconds. The short-lived mode issues for at most seven days (API reference,
    /// CertificateAuthorityUsageMode).
    private static let shortLivedLimit: Int64 = 7 * 86_400

    /// The issuing authority of a request. Throws for an authority that cannot issue it.
    func authority(
        _ record: CertificateAuthorityRecord, for request: IssuanceRequest, at now: Date
    ) throws(CAError) -> IssuingAuthority {
        let refusal = CAError.invalidState(
            "The certificate authority is not in a valid state for issuing certificates")
        guard record.status == .active || record.status == .pendingCertificate else { throw refusal }
        let authority = try authority(record)
        if record.status == .active, let certificate = authority.certificate,
            // RFC 5280, section 4.1.2.5: the second of notAfter belongs to it.
            certificate.notValidAfter.addingTimeInterval(1) > now
        {
            return authority
        }
        // A root signs its own CSR before it has a certificate, and again after its certificate has expired.
        guard record.kind == .root, (try? request.template.get())?.role == .selfSignedAuthority else {
            throw refusal
        }
        return authority
    }
}
