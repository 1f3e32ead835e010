internal import Audit
internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX
public import RecordKeeping
internal import Signing
internal import Storage
public import TransparencyLog

/// Signs the checkpoints of the log, and returns them to requests.
public struct LogCheckpoints: Sendable {
    let store: any AuditLogStore
    let custody: any KeyCustody
    let cycle: SigningCycle
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let randomBytes: RandomBytes
    let unrecordedKeys: UnrecordedKeys
    /// Nil for a log without checkpoints.
    let identity: LogIdentity?
    let waiters = CheckpointWaiters()
    let cosigned = CosignedCheckpoint()

    /// Whether the log has a name, without which it has no checkpoints.
    public var isNamed: Bool { identity != nil }

    /// A checkpoint that covers every event logged so far: the newest one, or the next one that the daemon
    /// signs. Requests share it and cannot cause a signature. Nil for an empty log. While the log cannot be
    /// written it returns the newest checkpoint.
    /// - Throws: ``CAError/invalidState(_:)`` when the log has no name, ``CAError/custody(detail:)`` when the
    ///   token cannot sign
    public func newest() async throws(CAError) -> SignedNote? {
        guard identity != nil else { throw .invalidState(Self.noLogName) }
        do {
            let size = try await store.logSize()
            if size == 0 { return nil }
            if let note = try await store.checkpoint(of: nil) {
                let signed = try SignedNote(encoded: note)
                if try recorder.isInterrupted || Checkpoint(text: signed.text).size >= size {
                    return signed
                }
            }
        } catch let error as StorageError { throw .storage(error) } catch {
            throw .storage(.corrupt("a checkpoint"))
        }
        return try await waiters.next()
    }

    private static let noLogName =
        "the log has no name, so it has no checkpoints: set log.origin in the daemon's configuration"

    /// Signs a checkpoint if events were added since the last one, and returns it to the waiting requests.
    /// The daemon calls it once a second; requests never do. While the log cannot be written, no checkpoint
    /// is signed, because it could not be stored.
    public func sign() async throws(CAError) {
        let waiting = waiters.begin()
        let result: Result<SignedNote?, CAError>
        do throws(CAError) { result = .success(try await signedCheckpoint()) } catch {
            result = .failure(error)
        }
        waiting.forEach { $0.resume(returning: result) }
        _ = try result.get()
    }

    /// Ends the wait of current and later requests, because no further checkpoint will be signed.
    public func end() { waiters.end() }

    private func signedCheckpoint() async throws(CAError) -> SignedNote? {
        guard let log = identity else { throw .invalidState(Self.noLogName) }
        do {
            let size = try await store.logSize()
            if let note = try await store.checkpoint(of: nil) {
                let signed = try SignedNote(encoded: note)
                if try recorder.isInterrupted || Checkpoint(text: signed.text).size == size {
                    return signed
                }
            }
            if size == 0 { return nil }
            if recorder.isInterrupted {
                throw StorageError.unavailable(reason: "the log cannot be written")
            }
            let checkpoint = Checkpoint(
                origin: log.origin, size: size, root: try await store.root(size: size))
            let key = try await logKey(of: log)
            guard let verifier = Self.verifier(log, key) else { throw StorageError.corrupt("the log's key") }
            let signingKey = try await signingKey(
                key.identifier, try SubjectPublicKey(derEncoded: key.subjectPublicKeyInfo))
            let signature = try await cycle.sign(checkpoint, with: signingKey)
            let note = SignedNote(
                text: checkpoint.text,
                signatures: [.init(name: log.origin, keyID: verifier.keyID, signature: signature)])
            try await recorder.commit([.recordCheckpoint(size: size, note: note.encoded)])
            return note
        } catch let error as CAError { throw error } catch let error as StorageError {
            throw .storage(error)
        } catch let error as SigningFailure { throw CAError(signing: error) } catch {
            throw CAError(custody: error)
        }
    }

    /// The public key of checkpoints; nil until there is a key.
    public func verifier() async throws(CAError) -> NoteVerifier? {
        do {
            guard let log = identity, let key = try await store.logKey() else { return nil }
            return Self.verifier(log, key)
        } catch { throw .storage(error) }
    }

    private static func verifier(_ log: LogIdentity, _ key: LogKeyRecord) -> NoteVerifier? {
        NoteVerifier(name: log.origin, algorithm: .ecdsa, key: key.subjectPublicKeyInfo)
    }

    /// The key, after a token was found to have it.
    private func signingKey(_ identifier: [UInt8], _ publicKey: SubjectPublicKey) async throws -> SigningKey {
        try await custody.signingKey(
            KeyReference(
                .ecPrime256v1, identifier: identifier, publicKey: publicKey, securityStandard: nil), .daemon)
    }

    /// The key that signs checkpoints, made or adopted the first time it is needed.
    private func logKey(of log: LogIdentity) async throws -> LogKeyRecord {
        if let key = try await store.logKey() { return key }
        if let key = log.ceremonyKey { return try await adopt(key) }
        guard custody.makesKeys else {
            throw CAError.invalidState(
                "the log has no key: with ceremonies the daemon makes none; make one in a ceremony, or leave log.origin out"
            )
        }
        let identifier = randomBytes(16)
        // The key exists before its record. A comparison in between must not report it.
        unrecordedKeys.insert(identifier)
        let generated = try await custody.generateKeyPair(
            .ecPrime256v1, identifier: identifier, label: "signet-log", meeting: nil)
        let key = LogKeyRecord(identifier: identifier, subjectPublicKeyInfo: generated.publicKey.derBytes)
        // The key and its event are one commit.
        try await recorder.commit([
            .recordLogKey(key),
            .append(
                .service(
                    .logKeyGenerated, scope: naming.scope, time: clock.now(),
                    details: [
                        "keyIdentifier": .string(hexadecimal(identifier)), "evidence": generated.evidence,
                        "subjectPublicKeyInfo": .string(
                            Data(key.subjectPublicKeyInfo).base64EncodedString()),
                    ])),
        ])
        return key
    }

    /// Records the key of a ceremony as the log's. The record is final, so it is made only after a token was
    /// found to have the key and the key proved itself.
    private func adopt(_ made: LogIdentity.CeremonyKey) async throws -> LogKeyRecord {
        _ = try await signingKey(made.identifier, made.publicKey)
        let key = LogKeyRecord(
            identifier: made.identifier, subjectPublicKeyInfo: made.publicKey.derBytes)
        // The record and its event are one commit.
        try await recorder.commit([
            .recordLogKey(key),
            .append(
                .service(
                    .logKeyAdopted, scope: naming.scope, time: clock.now(),
                    details: [
                        "keyIdentifier": .string(hexadecimal(made.identifier)),
                        "transcriptSHA256": .string(made.transcriptDigest),
                        "subjectPublicKeyInfo": .string(
                            Data(key.subjectPublicKeyInfo).base64EncodedString()),
                    ])),
        ])
        return key
    }

    /// The answer to GetCheckpoint: the newest checkpoint that every witness cosigned. Without witnesses, and
    /// while a witness does not cosign, it is the newest checkpoint.
    public func published() async throws(CAError) -> SignedNote? {
        if let note = cosigned.note { return note }
        return try await newest()
    }
}
