public import Audit
public import Authorization
public import Foundation
public import PKIX
public import Storage
public import TransparencyLog

/// The only code that makes a key sign. Each signature has these steps, in this order:
///
/// 1. The intent and its claims are durable.
/// 2. The key signs, and the signature is verified with the public key of its reference (``Signer``).
/// 3. The outcome and the event of the call are durable.
/// 4. The signed object is returned.
///
/// A crash after the first step leaves an intent without an outcome. The next start of the daemon closes it,
/// and its serial number is never used again.
public struct SigningCycle: Sendable {
    private let store: any ChangeStore
    private let scope: AuditScope
    private let clock: @Sendable () -> Date

    public init(store: any ChangeStore, scope: AuditScope, clock: @escaping @Sendable () -> Date) {
        self.store = store
        self.scope = scope
        self.clock = clock
    }

    /// Signs an object.
    /// - Parameters:
    ///   - authority: the ARN of the key's authority
    ///   - serialNumber: hexadecimal; nil for an object without one
    ///   - answer: the answer to the call once the outcome is durable
    public func sign<Object: Signable & ~Copyable, Output>(
        _ object: consuming Object, with key: SigningKey, of authority: ARN, serialNumber: String? = nil,
        _ steps: some SigningSteps, answering answer: Answer<Output>
    ) async throws(SigningFailure) -> Audited<Output> {
        let (signed, intent) = try await signed(
            object, with: key, of: authority, serialNumber: serialNumber, requestID: answer.call.requestID,
            steps)
        let changes = conclusion(of: intent, signed, steps)
        do throws(StorageError) { return try await store.commit(changes, answering: answer) } catch {
            throw .outcome(error)
        }
    }

    /// Signs an object of the daemon itself, which no call asked for. The changes of `steps` add the event of
    /// its outcome.
    /// - Parameters:
    ///   - serialNumber: hexadecimal; nil for an object without one
    ///   - requestID: of the call or the job that caused it
    public func sign<Object: Signable & ~Copyable>(
        _ object: consuming Object, with key: SigningKey, of authority: ARN, serialNumber: String? = nil,
        requestID: String, _ steps: some SigningSteps
    ) async throws(SigningFailure) -> [UInt8] {
        let (signed, intent) = try await signed(
            object, with: key, of: authority, serialNumber: serialNumber, requestID: requestID, steps)
        let changes = conclusion(of: intent, signed, steps)
        do throws(StorageError) { try await store.commit(changes) } catch { throw .outcome(error) }
        return signed
    }

    /// The changes of the third step.
    private func conclusion(
        of intent: SignatureIntent, _ signed: [UInt8], _ steps: some SigningSteps
    ) -> [Change] {
        steps.changes(signed: signed, intent, at: clock()) + [.closeIntent(id: intent.id)]
    }

    /// The first two steps.
    private func signed<Object: Signable & ~Copyable>(
        _ object: consuming Object, with key: SigningKey, of authority: ARN, serialNumber: String?,
        requestID: String, _ steps: some SigningSteps
    ) async throws(SigningFailure) -> ([UInt8], SignatureIntent) {
        guard object.signer == key.reference.publicKey else { throw .keyDoesNotFit }
        let intent = SignatureIntent(
            purpose: Object.purpose, digest: object.digest, keyIdentifier: key.reference.identifier,
            certificateAuthority: authority, serialNumber: serialNumber, requestID: requestID, time: clock())
        // `record` does not return the permit: Swift 6.3, when it optimizes, copies a noncopyable value that
        // an async function returns from a `do throws` block, and the copy is a trap.
        try await record(intent, claiming: steps.claims)
        let (toBeSigned, algorithm) = (object.toBeSigned, object.signingAlgorithm)
        let signature: [UInt8]
        do {
            signature = try await key.signature(
                over: toBeSigned, algorithm, permitted: RecordedIntent(intent: intent))
        } catch {
            let outcome = intent.failed(scope: scope, time: clock(), reason: "\(error)")
            try await conclude(intent, steps.changes(failed: outcome))
            throw .signature(error)
        }
        return (SignedObject.assemble(tbs: toBeSigned, algorithm: algorithm, signature: signature), intent)
    }

    /// The log's signature over a checkpoint. It has no intent and no event: see
    /// ``SigningPurpose/checkpoint``.
    public func sign(_ checkpoint: Checkpoint, with key: SigningKey) async throws(SigningFailure) -> [UInt8] {
        let text = try CheckpointText(checkpoint)
        do { return try await key.signature(over: text) } catch { throw .signature(error) }
    }

    /// Opens a batch: records the intent for at most so many signatures of a responder's key until a time.
    /// - Parameters:
    ///   - key: not the authority's own, each of whose signatures has an intent
    ///   - authorityKey: the key of the authority for which the responder answers
    ///   - certificate: DER of the responder's certificate
    ///   - requestID: of the job or the call that caused it
    ///   - signatures: how many it permits, at most ``BatchLimits/mostSignatures``
    public func openBatch(
        with key: SigningKey, for authorityKey: SubjectPublicKey, certificate: [UInt8], of authority: ARN,
        requestID: String, signatures: Int = BatchLimits.mostSignatures
    ) async throws(SigningFailure) -> SignatureBatch {
        guard key.reference.publicKey != authorityKey else { throw .keyDoesNotFit }
        let now = clock()
        let intent = SignatureIntent(
            purpose: .ocspResponse, digest: SHA2.sha256.hash(certificate),
            keyIdentifier: key.reference.identifier, certificateAuthority: authority, serialNumber: nil,
            requestID: requestID, time: now, batch: BatchLimits(from: now, signatures: signatures))
        try await record(intent, claiming: [])
        return SignatureBatch(intent: intent, key: key)
    }

    /// Signs an object under the intent of a batch.
    /// - Throws: ``SigningFailure/batchOver`` when another batch is needed
    public func sign<Object: Signable & ~Copyable>(
        _ object: consuming Object, in batch: SignatureBatch
    ) async throws(SigningFailure) -> [UInt8] {
        guard object.signer == batch.key.reference.publicKey, Object.purpose == .ocspResponse else {
            throw .keyDoesNotFit
        }
        try batch.enter(at: clock())
        defer { batch.leave() }
        let (toBeSigned, algorithm) = (object.toBeSigned, object.signingAlgorithm)
        let signature: [UInt8]
        do { signature = try await batch.key.signature(over: toBeSigned, algorithm, in: batch) } catch {
            throw .signature(error)
        }
        return SignedObject.assemble(tbs: toBeSigned, algorithm: algorithm, signature: signature)
    }

    /// Ends a batch: waits for the signatures in progress, and records how many were made. A second call does
    /// nothing.
    public func conclude(_ batch: SignatureBatch) async throws(SigningFailure) {
        guard let signatures = await batch.end() else { return }
        let outcome = batch.intent.concluded(scope: scope, time: clock(), signatures: signatures)
        try await conclude(batch.intent, [.append(outcome)])
    }

    private func record(
        _ intent: SignatureIntent, claiming claims: [Change]
    ) async throws(SigningFailure) {
        do throws(StorageError) {
            try await store.commit(
                claims + [.openIntent(intent.record), .append(intent.event(scope: scope))])
        } catch { throw .intent(error) }
    }

    private func conclude(_ intent: SignatureIntent, _ changes: [Change]) async throws(SigningFailure) {
        do throws(StorageError) { try await store.commit(changes + [.closeIntent(id: intent.id)]) } catch {
            throw .outcome(error)
        }
    }
}
