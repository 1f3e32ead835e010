/// What is known of a witness between two checkpoints.
public struct WitnessStanding: Sendable {
    /// How many events it signed last, as far as is known.
    public internal(set) var size: UInt64 = 0
    /// Why it did not cosign the last checkpoint; nil when it did.
    public internal(set) var fault: WitnessFault?

    public init() {}
}
