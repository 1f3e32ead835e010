internal import Authorization
internal import Foundation
internal import Issuance
internal import PKIX
internal import Storage
internal import Synchronization

extension CertificateAuthorities {
    /// The authority of a record, ready to issue; parsed once for as long as the record stays the same.
    func issuingAuthority(_ record: CertificateAuthorityRecord) throws(CAError) -> IssuingAuthority {
        if let known = parsed.authority(record) { return known }
        let subject = try record.issuerName()
        let arn = naming.certificateAuthority(record.id)
        let authority = IssuingAuthority(
            arn: arn, isRoot: record.kind == .root,
            keyAlgorithm: record.keyAlgorithm, publicKey: try record.publicKey(), subject: subject,
            certificate: try record.parsedCertificate(), ancestors: try record.parsedChain(),
            longestValidity: record.usageMode == .shortLivedCertificate ? Self.shortLivedLimit : nil,
            backdate: issuance.backdates[arn] ?? issuance.backdate,
            longestNotBefore: longestNotBefore(of: arn))
        parsed.keep(authority, of: record)
        return authority
    }

    /// An authority with a backdate of its own has a limit of its own too.
    private func longestNotBefore(of arn: ARN) -> Int64? {
        issuance.longestNotBefores[arn]
            ?? (issuance.backdates[arn] == nil ? issuance.longestNotBefore : nil)
    }

    /// Short-lived mode issues for at most seven days (API reference, CertificateAuthorityUsageMode), in
    /// seconds.
    private static let shortLivedLimit: Int64 = 7 * 86_400
}

/// Authorities by their record's id, each for one revision of it.
final class IssuingAuthorities: Sendable {
    private static let most = 1000

    private let known = Mutex<[String: (revision: Int64, authority: IssuingAuthority)]>([:])

    func authority(_ record: CertificateAuthorityRecord) -> IssuingAuthority? {
        known.withLock { known in
            guard let entry = known[record.id], entry.revision == record.revision else { return nil }
            return entry.authority
        }
    }

    func keep(_ authority: IssuingAuthority, of record: CertificateAuthorityRecord) {
        known.withLock { known in
            if known.count >= Self.most { known = [:] }
            known[record.id] = (record.revision, authority)
        }
    }
}
