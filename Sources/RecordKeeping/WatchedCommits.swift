internal import Audit
public import Storage

/// The store's commits as the use cases make them: the keys of new authorities are known before they are
/// durable, and the log learns later which commits failed.
public struct WatchedCommits: ChangeStore {
    let store: any ChangeStore
    let keysInUse: KeysInUse
    let interruption: RecordInterruption
    let naming: ARNNaming
    let clock: Clock

    public func commit(_ changes: [Change]) async throws(StorageError) {
        keysInUse.announce(changes, naming)
        do throws(StorageError) { try await store.commit(changes) } catch {
            if case .unavailable = error { interruption.note(failed: changes, at: clock.now()) }
            throw error
        }
    }
}
