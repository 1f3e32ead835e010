internal import PKIX

/// What a request says about itself and who asks: condition keys and their values. Keys are compared without regard to
/// case.
public struct ConditionContext: Sendable, Hashable {
    private var values: [String: [String]] = [:]
    /// `aws:CurrentTime` and `aws:EpochTime`, written out only for the policies that ask.
    var time: CivilTime?

    public init() {
        // Room for all that a request usually has, at once.
        values.reserveCapacity(32)
    }

    /// The values of a key; nil when the request does not have it. A key can be there without a value.
    public subscript(key: String) -> [String]? {
        get { values[key.lowercased()] }
        set { values[key.lowercased()] = newValue }
    }

    /// All there are, by key in lower case.
    public var entries: [String: [String]] { values }

    /// For keys that are in lower case already.
    func values(lowercased key: String) -> [String]? {
        if let values = values[key] { return values }
        switch key {
        case "aws:currenttime": return time.map { ["\($0)"] }
        case "aws:epochtime": return time.map { ["\($0.secondsSinceEpoch)"] }
        default: return nil
        }
    }

    /// Takes over what `other` has and this has not.
    mutating func fill(from other: ConditionContext) {
        values.merge(other.values) { own, _ in own }
    }

    public mutating func set(_ key: String, _ value: String) { self[key] = [value] }
}
