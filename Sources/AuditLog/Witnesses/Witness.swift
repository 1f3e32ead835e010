internal import Foundation
public import TransparencyLog

/// An external party that signs a checkpoint of the log only when it continues the last one that it signed
/// (C2SP tlog-witness). With cosignatures, an attacker with the daemon, its database and its token cannot
/// show two readers two different logs.
public protocol Witness: Sendable {
    /// The key of the witness, which includes its name.
    var key: NoteVerifier { get }

    /// Asks for a cosignature.
    /// - Returns: the signature lines, not verified
    func add(_ request: WitnessRequest) async throws(WitnessFault) -> String
}

extension Witness {
    public var name: String { key.name }
}

/// A checkpoint, and the proof that it continues an older one (C2SP tlog-witness, "add-checkpoint").
public struct WitnessRequest: Sendable {
    /// The size of the log that the witness signed last; 0 for none.
    public let old: UInt64
    public let proof: [TreeHash]
    public let checkpoint: SignedNote

    /// The body of the request.
    public var body: String {
        "old \(old)\n" + proof.map { Data($0.bytes).base64EncodedString() + "\n" }.joined() + "\n"
            + checkpoint.encoded
    }
}

/// Why a witness did not cosign.
public enum WitnessFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The witness last signed a log of this size.
    case signedLast(size: UInt64)
    case refused(reason: String)
    case unreachable(reason: String)
    /// The answer has no valid signature of its key for this checkpoint.
    case signedSomethingElse

    public var description: String {
        switch self {
        case .signedLast(let size): "it has signed a log of \(size) events, which this log does not have"
        case .refused(let reason): "it refused: \(reason)"
        case .unreachable(let reason): "it cannot be reached: \(reason)"
        case .signedSomethingElse: "what it sent is no cosignature of its key under this checkpoint"
        }
    }
}
