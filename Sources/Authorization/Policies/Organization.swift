/// The guardrails of an organization, which limit the permissions of its accounts (AWS Organizations User
/// Guide, "Service control policies").
public struct Organization: Sendable {
    /// For each account the policies of every unit from the root down to it, and its own last.
    private let levels: [String: [[Policy]]]

    /// Such as `o-a1b2c3d4e5`; nil for an organization without an id.
    public let id: String?

    /// No guardrails for any account.
    public static let none = Organization(levels: [:])

    public init(id: String? = nil, levels: [String: [[Policy]]]) { (self.id, self.levels) = (id, levels) }

    /// `aws:PrincipalOrgID` of the principals of an account.
    func id(of account: String) -> String? { levels[account] == nil ? nil : id }

    /// Nil for an account outside the organization, to which no guardrail applies.
    public func guardrails(of account: String) -> [[Policy]]? { levels[account] }
}
