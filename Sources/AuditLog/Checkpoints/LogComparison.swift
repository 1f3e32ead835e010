public import RecordKeeping
public import Storage
public import TransparencyLog

/// Compares the log in a store with signed checkpoints.
public struct LogComparison: Sendable {
    let store: any AuditLogStore

    public init(store: any AuditLogStore) { self.store = store }

    /// How the log differs from the newest checkpoint that the store keeps: in its size, its root or its
    /// signature; nil when it does not, or there is no checkpoint.
    public func differenceFromNewestCheckpoint() async throws(CAError) -> String? {
        do throws(StorageError) {
            guard let text = try await store.checkpoint(of: nil) else { return nil }
            guard let note = try? SignedNote(encoded: text), let checkpoint = try? Checkpoint(text: note.text)
            else { return "the newest checkpoint cannot be read" }
            let size = try await store.logSize()
            guard checkpoint.size <= size else {
                return "the newest checkpoint holds \(checkpoint.size) events, and the log \(size)"
            }
            guard try await store.root(size: checkpoint.size) == checkpoint.root else {
                return "the first \(checkpoint.size) events do not have the root of the newest checkpoint"
            }
            guard try await isSigned(note, of: checkpoint) else {
                return "the newest checkpoint is not signed by the log's key"
            }
            return nil
        } catch {
            // A tile does not match the events, or an event is missing.
            guard case .corrupt(let what) = error else { throw .storage(error) }
            return "the log cannot be read: \(what)"
        }
    }

    /// Whether the log's key signed the checkpoint. A renamed log keeps its key.
    public func isSigned(_ note: SignedNote, of checkpoint: Checkpoint) async throws(StorageError) -> Bool {
        guard let key = try await store.logKey() else { return false }
        let verifier = NoteVerifier(
            name: checkpoint.origin, algorithm: .ecdsa, key: key.subjectPublicKeyInfo)
        return verifier?.verify(note) != nil
    }
}
