internal import Issuance
internal import Storage
internal import Synchronization

/// A cache of parsed authorities by the id of their record, each for one revision.
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
