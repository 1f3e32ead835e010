internal import PKIX

/// A private key that only ``SigningCycle`` can use.
public struct SigningKey: Sendable {
    public let reference: KeyReference
    private let signer: any Signer
    private let priority: SigningPriority

    public init(_ reference: KeyReference, on signer: any Signer, _ priority: SigningPriority) {
        self.reference = reference
        self.signer = signer
        self.priority = priority
    }

    /// Signs the object of the intent. It consumes the intent even when it fails.
    func signature(
        over message: [UInt8], _ algorithm: SigningAlgorithm, permitted _: consuming RecordedIntent
    ) async throws -> [UInt8] {
        try await signer.signature(over: message, algorithm, with: reference, priority)
    }

    /// Signs one object of a batch, which has counted it.
    func signature(
        over message: [UInt8], _ algorithm: SigningAlgorithm, in _: SignatureBatch
    ) async throws -> [UInt8] {
        try await signer.signature(over: message, algorithm, with: reference, priority)
    }

    /// Signs a checkpoint, which has no intent (``SigningPurpose/checkpoint``).
    func signature(over checkpoint: CheckpointText) async throws -> [UInt8] {
        try await signer.signature(over: checkpoint.octets, .sha256WithECDSA, with: reference, priority)
    }
}

/// An intent that is durable: the permit to make one signature. Only ``SigningCycle`` makes one.
struct RecordedIntent: ~Copyable, Sendable {
    let intent: SignatureIntent
}
