/// What a request says about itself and who asks: condition keys and their values. Keys are compared without regard to
/// case.
public struct ConditionContext: Sendable, Hashable {
    private var values: [String: [String]] = [:]

    public init() {}

    /// The values of a key; nil when the request does not have it. A key can be there without a value.
    public subscript(key: String) -> [String]? {
        get { values[key.lowercased()] }
        set { values[key.lowercased()] = newValue }
    }

    /// For keys that are in lower case already.
    func values(lowercased key: String) -> [String]? { values[key] }

    public mutating func set(_ key: String, _ value: String) { self[key] = [value] }
}
