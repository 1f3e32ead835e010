/// The identity of the log in checkpoints: a unique name, and a key that signs nothing else.
public struct LogIdentity: Sendable, Hashable {
    /// The log's name (C2SP tlog-checkpoint). It does not begin with `0`, so that no note can be parsed as
    /// DER.
    public let origin: String

    public init(origin: String) { self.origin = origin }
}
