/// The log as others can check it: under a name of its own, and signed by a key that signs nothing else.
public struct LogIdentity: Sendable, Hashable {
    /// The log's name (C2SP tlog-checkpoint). It begins with no `0`: no note can then pass for DER.
    public let origin: String

    public init(origin: String) { self.origin = origin }
}
