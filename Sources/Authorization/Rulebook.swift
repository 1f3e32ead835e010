public import PKIX
internal import Synchronization

/// Everything the configuration says about who may do what. It is read and checked whole, and replaced whole.
public struct Rulebook: Sendable {
    public let principals: PrincipalMap
    public let organization: Organization
    /// What the configuration shares of an authority, beside the authority's own policy: for each ARN policies in the form
    /// of resource policies.
    public let shares: [ARN: [Policy]]
    public let quotas: RequestQuotas
    /// SHA-256 over all of it, in hexadecimal: two rulebooks that decide alike may differ in it, two that differ in it never
    /// pass for one another.
    public let digest: String

    public init(
        principals: PrincipalMap, organization: Organization = .none, shares: [ARN: [Policy]] = [:],
        quotas: RequestQuotas = .none, digest: String = ""
    ) {
        self.principals = principals
        self.organization = organization
        self.shares = shares
        self.quotas = quotas
        self.digest = digest
    }
}

/// The rulebook that decides now. A request is judged by the one that was in force when it came, whatever happens meanwhile.
public final class PolicyInForce: Sendable {
    private let current: Mutex<(rulebook: Rulebook, since: CivilTime)>

    public init(_ rulebook: Rulebook) { current = Mutex((rulebook, .now())) }

    public var rulebook: Rulebook { current.withLock { $0.rulebook } }

    /// When it came into force.
    public var since: CivilTime { current.withLock { $0.since } }

    /// Requests that come from now on are judged by `rulebook`; the digest of the one before.
    @discardableResult
    public func replace(with rulebook: Rulebook) -> String {
        current.withLock { current in
            let previous = current.rulebook.digest
            current = (rulebook, .now())
            return previous
        }
    }
}
