internal import Authorization
internal import Foundation
internal import Issuance
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import X509

/// Finds the authority that issues.
struct IssuerLookup: Sendable {
    let naming: ARNNaming
    let settings: IssuanceSettings
    let parsed = IssuingAuthorities()

    /// The authority of a record, ready to issue; parsed once for as long as the record stays the same.
    func authority(_ record: CertificateAuthorityRecord) throws(CAError) -> IssuingAuthority {
        if let known = parsed.authority(record) { return known }
        let subject = try record.issuerName()
        let arn = naming.certificateAuthority(record.id)
        let authority = IssuingAuthority(
            arn: arn, isRoot: record.kind == .root,
            keyAlgorithm: record.keyAlgorithm, publicKey: try record.publicKey(), subject: subject,
            certificate: try record.parsedCertificate(), ancestors: try record.parsedChain(),
            longestValidity: record.usageMode == .shortLivedCertificate ? Self.shortLivedLimit : nil,
            backdate: settings.backdates[arn] ?? settings.backdate,
            longestNotBefore: longestNotBefore(of: arn))
        parsed.keep(authority, of: record)
        return authority
    }

    /// An authority with a backdate of its own has a limit of its own too.
    private func longestNotBefore(of arn: ARN) -> Int64? {
        settings.longestNotBefores[arn]
            ?? (settings.backdates[arn] == nil ? settings.longestNotBefore : nil)
    }

    /// Short-lived mode issues for at most seven days (API reference, CertificateAuthorityUsageMode), in
    /// seconds.
    private static let shortLivedLimit: Int64 = 7 * 86_400

    /// The same for a request. Refuses an authority that is not ready for it.
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
        // The way a root comes to be: it signs its own CSR before it has a certificate. An expired one does
        // so again.
        guard record.kind == .root, (try? request.template.get())?.role == .selfSignedAuthority else {
            throw refusal
        }
        return authority
    }
}
