internal import Audit
internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX
internal import Signing
internal import Storage
public import TransparencyLog

/// The log as others can check it: under a name of its own, and signed by a key that signs nothing else.
public struct LogIdentity: Sendable, Hashable {
    /// The log's name (C2SP tlog-checkpoint). It begins with no `0`: no note can then pass for DER.
    public let origin: String

    public init(origin: String) { self.origin = origin }
}

extension CertificateAuthorities {
    /// A checkpoint that holds every event logged until now. It is the newest one, or the one that the daemon signs next:
    /// requests share it, and none can have one signed. Nil for an empty log. While the log cannot be written it is the newest
    /// one.
    /// - Throws: ``CAError/invalidState(_:)`` when the log has no name, ``CAError/custody(detail:)`` when the token cannot sign
    public func checkpoint() async throws(CAError) -> SignedNote? {
        guard log != nil else { throw .invalidState(Self.noLogName) }
        do {
            let size = try await store.logSize()
            if size == 0 { return nil }
            if let note = try await store.checkpoint(of: nil) {
                let signed = try SignedNote(encoded: note)
                if try interruption.current != nil || Checkpoint(text: signed.text).size >= size {
                    return signed
                }
            }
        } catch let error as StorageError { throw .storage(error) } catch {
            throw .storage(.corrupt("a checkpoint"))
        }
        return try await checkpoints.next()
    }

    private static let noLogName =
        "the log has no name, so it has no checkpoints: set log.origin in the daemon's configuration"

    /// Signs a checkpoint when events have come since the last one, and gives it to the requests that wait for one. The daemon
    /// calls it once a second; a request never does. While the log cannot be written none is signed, because none could be
    /// kept.
    public func signCheckpoint() async throws(CAError) {
        let waiters = checkpoints.begin()
        let result: Result<SignedNote?, CAError>
        do throws(CAError) { result = .success(try await signedCheckpoint()) } catch {
            result = .failure(error)
        }
        waiters.forEach { $0.resume(returning: result) }
        _ = try result.get()
    }

    /// Ends the wait of every request, now and later: no checkpoint will be signed any more.
    public func endCheckpoints() { checkpoints.end() }

    private func signedCheckpoint() async throws(CAError) -> SignedNote? {
        guard let log else { throw .invalidState(Self.noLogName) }
        do {
            let size = try await store.logSize()
            if let note = try await store.checkpoint(of: nil) {
                let signed = try SignedNote(encoded: note)
                if try interruption.current != nil || Checkpoint(text: signed.text).size == size {
                    return signed
                }
            }
            if size == 0 { return nil }
            if interruption.current != nil {
                throw StorageError.unavailable(reason: "the log cannot be written")
            }
            let checkpoint = Checkpoint(
                origin: log.origin, size: size, root: try await store.root(size: size))
            let key = try await logKey()
            guard let verifier = Self.verifier(log, key) else { throw StorageError.corrupt("the log's key") }
            let signingKey = try await custody.signingKey(
                KeyReference(
                    .ecPrime256v1, identifier: key.identifier,
                    publicKey: try SubjectPublicKey(derEncoded: key.subjectPublicKeyInfo),
                    securityStandard: nil), .daemon)
            let signature = try await cycle.sign(checkpoint, with: signingKey)
            let note = SignedNote(
                text: checkpoint.text,
                signatures: [.init(name: log.origin, keyID: verifier.keyID, signature: signature)])
            try await commit([.recordCheckpoint(size: size, note: note.encoded)])
            return note
        } catch let error as CAError { throw error } catch let error as StorageError {
            throw .storage(error)
        } catch let error as SigningFailure { throw CAError(signing: error) } catch {
            throw CAError(custody: error)
        }
    }

    /// What checkpoints are verified with; nil until there is a key.
    public func logVerifier() async throws(CAError) -> NoteVerifier? {
        do {
            guard let log, let key = try await store.logKey() else { return nil }
            return Self.verifier(log, key)
        } catch { throw .storage(error) }
    }

    private static func verifier(_ log: LogIdentity, _ key: LogKeyRecord) -> NoteVerifier? {
        NoteVerifier(name: log.origin, algorithm: .ecdsa, key: key.subjectPublicKeyInfo)
    }

    /// The key that signs checkpoints, made the first time it is needed.
    private func logKey() async throws -> LogKeyRecord {
        if let key = try await store.logKey() { return key }
        guard custody.makesKeys else {
            throw CAError.invalidState(
                "the log has no key: with ceremonies the daemon makes none; leave log.origin out")
        }
        let identifier = randomBytes(16)
        // The record follows the key, so that a comparison in between must not report the key.
        unrecordedKeys.insert(identifier)
        let generated = try await custody.generateKeyPair(
            .ecPrime256v1, identifier: identifier, label: "signet-log", meeting: nil)
        let key = LogKeyRecord(identifier: identifier, subjectPublicKeyInfo: generated.publicKey.derBytes)
        try await commit([
            .recordLogKey(key),
            .append(
                .service(
                    "LogKeyGenerated", scope: naming.scope, time: clock(),
                    details: [
                        "keyIdentifier": .string(hexadecimal(identifier)), "evidence": generated.evidence,
                        "subjectPublicKeyInfo": .string(
                            Data(key.subjectPublicKeyInfo).base64EncodedString()),
                    ])),
        ])
        return key
    }
}
