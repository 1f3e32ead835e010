/// The guardrails of an organisation: what its accounts can be allowed at most (AWS Organizations User Guide, "Service
/// control policies").
public struct Organization: Sendable {
    /// For each account the policies of every unit from the root down to it, and its own last.
    private let levels: [String: [[Policy]]]

    /// No guardrails for anybody.
    public static let none = Organization(levels: [:])

    public init(levels: [String: [[Policy]]]) { self.levels = levels }

    /// Nil for an account that stands in no unit: nothing is held against it.
    public func guardrails(of account: String) -> [[Policy]]? { levels[account] }
}
