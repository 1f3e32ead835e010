public import Foundation

/// A store of certificate authorities.
public protocol AuthorityStore: ChangeStore {
    func certificateAuthority(_ id: String) async throws(StorageError) -> CertificateAuthorityRecord?

    /// Authorities in order of creation; at most `limit`, after the one with the id `after`. The list is
    /// shorter when the records are large, and empty only at the end.
    func certificateAuthorities(
        after: String?, limit: Int
    ) async throws(StorageError) -> [CertificateAuthorityRecord]

    /// The unexpired claim with this key, which has the answer for a repeated request.
    func idempotencyClaim(key: String, at time: Date) async throws(StorageError) -> IdempotencyClaim?
}
