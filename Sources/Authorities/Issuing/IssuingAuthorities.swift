internal import Issuance
internal import Storage
internal import Synchronization

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
