public import Foundation

/// A store of certificate authorities.
public protocol AuthorityStore: ChangeStore {
    func certificateAuthority(_ id: String) async throws(StorageError) -> CertificateAuthorityRecord?

    /// Ordered by creation; at most `limit`, after the one with the id `after`. There are fewer when they
    /// have many octets, and none only when none comes after.
    func certificateAuthorities(
        after: String?, limit: Int
    ) async throws(StorageError) -> [CertificateAuthorityRecord]

    /// The answer that was promised to a repeated request, while the promise has not expired.
    func idempotencyClaim(key: String, at time: Date) async throws(StorageError) -> IdempotencyClaim?
}
