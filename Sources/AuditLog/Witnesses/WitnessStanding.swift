/// The state of a witness between two checkpoints.
public struct WitnessStanding: Sendable {
    /// The size of the log that it signed last, as far as the daemon knows.
    public internal(set) var size: UInt64 = 0
    /// Why it did not cosign the last checkpoint; nil when it did.
    public internal(set) var fault: WitnessFault?

    public init() {}
}
