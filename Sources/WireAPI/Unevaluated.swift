/// A member that is taken note of and not read: what is in it has no effect here.
public struct Unevaluated: Sendable, Hashable, Codable {
    public init() {}

    public init(from decoder: any Decoder) throws {}

    /// For the log: that it was there.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode("not evaluated")
    }
}
