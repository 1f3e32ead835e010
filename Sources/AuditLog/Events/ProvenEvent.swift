public import Foundation
public import TransparencyLog

/// An event of the log with its inclusion proof.
public struct ProvenEvent: Sendable {
    public let index: UInt64
    /// The exact bytes of the event.
    public let event: Data
    public let proof: [TreeHash]
    public let checkpoint: SignedNote
}
