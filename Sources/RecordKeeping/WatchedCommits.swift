internal import Audit
public import Storage

/// Wraps the store's commits. It adds the keys of new authorities to `KeysInUse` before they are durable, and
/// keeps failed commits for the event RecordInterrupted.
public struct WatchedCommits: ChangeStore {
    let store: any ChangeStore
    let keysInUse: KeysInUse
    let interruption: RecordInterruption
    let naming: ARNNaming
    let clock: Clock

    public func commit(_ changes: [Change]) async throws(StorageError) {
        keysInUse.announce(changes, naming)
        do throws(StorageError) { try await store.commit(changes) } catch {
            if case .unavailable = error { interruption.addIntents(ofFailed: changes, at: clock.now()) }
            throw error
        }
    }
}
