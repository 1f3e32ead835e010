public import Foundation
public import TransparencyLog

/// An event of the log, with what proves that it is there.
public struct ProvenEvent: Sendable {
    public let index: UInt64
    /// The event, to the byte.
    public let event: Data
    public let proof: [TreeHash]
    public let checkpoint: SignedNote
}
