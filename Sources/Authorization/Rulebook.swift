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
        self.principals = PrincipalMap(
            principals.entries.map { entry in
                organization.id(of: entry.principal.arn.account).map {
                    .init(entry.binding, entry.principal.member(of: $0))
                } ?? entry
            })
        self.organization = organization
        self.shares = shares
        self.quotas = quotas
        self.digest = digest
    }
}

/// The rulebook that decides now. A request is judged by the one that was in force when it came, whatever happens meanwhile.
public final class PolicyInForce: Sendable {
    private struct State {
        var rulebook: Rulebook
        var since: CivilTime
        /// Counts readings of the configuration; which of them is in force.
        var readings: UInt64 = 0
        var reading: UInt64 = 0
    }

    private let state: Mutex<State>

    public init(_ rulebook: Rulebook) { state = Mutex(State(rulebook: rulebook, since: .now())) }

    public var rulebook: Rulebook { state.withLock { $0.rulebook } }

    /// The rulebook and when it came into force.
    public var current: (rulebook: Rulebook, since: CivilTime) { state.withLock { ($0.rulebook, $0.since) } }

    /// To be called before the configuration is read: its place among readings.
    public func beginReading() -> UInt64 {
        state.withLock { state in
            state.readings += 1
            return state.readings
        }
    }

    /// Requests that come from now on are judged by `rulebook`, unless one that was read later is in force.
    public func replace(with rulebook: Rulebook, read reading: UInt64) {
        state.withLock { state in
            guard reading > state.reading else { return }
            (state.rulebook, state.since, state.reading) = (rulebook, .now(), reading)
        }
    }
}
