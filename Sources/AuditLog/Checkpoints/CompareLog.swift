internal import Audit
internal import Foundation
internal import JSON
internal import Logging
public import RecordKeeping
internal import Signing
internal import Storage
internal import TransparencyLog

/// Compares the log with its newest checkpoint.
public struct CompareLog: Sendable {
    let store: any AuditLogStore
    let fault: LogFault
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let logger: Logger

    /// Why nothing is signed although the tokens serve; nil while the log is what its newest checkpoint says.
    public var difference: String? { fault.current }

    /// Compares the newest checkpoint that the store keeps with the tree of the log: its size, its root and
    /// its signature. When they differ, the log was changed while no daemon ran. Then nothing is signed,
    /// reads go on, and the event `LogDiffers` says so.
    ///
    /// A store whose checkpoints were removed as well has nothing to compare: kept checkpoints and witnesses
    /// find that.
    public func callAsFunction() async throws(CAError) {
        guard let reason = try await differenceFromCheckpoint() else { return }
        fault.set(reason)
        logger.critical(
            "the audit log differs from its newest checkpoint; nothing is signed",
            metadata: ["reason": "\(reason)"])
        await recorder.recordNowOrLater(
            .service(
                .logDiffers, scope: naming.scope, time: clock.now(),
                details: ["statusReason": .string(reason)]))
    }

    private func differenceFromCheckpoint() async throws(CAError) -> String? {
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
            // A log that had another name before keeps its key.
            guard let key = try await store.logKey(),
                let verifier = NoteVerifier(
                    name: checkpoint.origin, algorithm: .ecdsa, key: key.subjectPublicKeyInfo),
                verifier.verify(note) != nil
            else { return "the newest checkpoint is not signed by the log's key" }
            return nil
        } catch {
            // A tile that does not hold, or an event that is missing.
            guard case .corrupt(let what) = error else { throw .storage(error) }
            return "the log cannot be read: \(what)"
        }
    }
}
