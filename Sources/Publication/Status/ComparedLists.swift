internal import Synchronization

/// The authorities whose published CRL was compared with the store since the daemon started. After a restore
/// the CRL can have revocations that the store lacks, so no status of another authority is signed.
final class ComparedLists: Sendable {
    private let ids = Mutex<Set<String>>([])

    func insert(_ id: String) { ids.withLock { _ = $0.insert(id) } }

    func contains(_ id: String) -> Bool { ids.withLock { $0.contains(id) } }
}
