internal import Audit
internal import Foundation
internal import Issuance
internal import JSON
internal import Logging
internal import PKIX
internal import Signing
internal import Storage
internal import Synchronization
internal import TransparencyLog

/// Why the log cannot be trusted; nil while it can. It is decided once, at start.
final class LogFault: Sendable {
    private let reason = Mutex<String?>(nil)

    var current: String? { reason.withLock { $0 } }

    func set(_ text: String) { reason.withLock { $0 = text } }
}

extension CertificateAuthorities {
    /// Why nothing is signed although the tokens serve; nil while the log is what its newest checkpoint says.
    public var logFaultReason: String? { logFault.current }

    /// Compares the newest checkpoint that the store keeps with the tree of the log: its size, its root and its signature. When
    /// they differ, the log was changed while no daemon ran. Then nothing is signed, reads go on, and the event `LogDiffers`
    /// says so.
    ///
    /// A store whose checkpoints were removed as well has nothing to compare: kept checkpoints and witnesses find that.
    public func compareLogWithCheckpoint() async throws(CAError) {
        guard let reason = try await differenceFromCheckpoint() else { return }
        logFault.set(reason)
        logger.critical(
            "the audit log differs from its newest checkpoint; nothing is signed",
            metadata: ["reason": "\(reason)"])
        await recordNowOrLater(
            .service(
                "LogDiffers", scope: naming.scope, time: clock(), details: ["statusReason": .string(reason)]))
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

/// Refuses every use of a key while the log cannot be trusted.
struct LogGuardedCustody: KeyCustody {
    private let custody: any KeyCustody
    private let fault: LogFault

    init(_ custody: any KeyCustody, _ fault: LogFault) {
        self.custody = custody
        self.fault = fault
    }

    private func requireTrust() throws(CAError) { if fault.current != nil { throw .logDiffers } }

    var securityStandards: Set<String> { custody.securityStandards }
    var makesKeys: Bool { custody.makesKeys }

    func generateKeyPair(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], label: String, meeting standard: String?
    ) async throws -> GeneratedKey {
        try requireTrust()
        return try await custody.generateKeyPair(
            algorithm, identifier: identifier, label: label, meeting: standard)
    }

    func securityStandard(of key: KeyReference) async throws -> String? {
        try requireTrust()
        return try await custody.securityStandard(of: key)
    }

    func signingKey(_ key: KeyReference, _ priority: SigningPriority) async throws -> SigningKey {
        try requireTrust()
        return try await custody.signingKey(key, priority)
    }
}
