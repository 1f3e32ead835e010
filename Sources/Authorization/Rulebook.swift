public import PKIX
internal import Synchronization

/// All authorization rules of the configuration. It is read, checked and replaced as a whole.
///
/// Every request keeps the rulebook that it was given. As a value, each copy would count the references of
/// all its parts, which all cores share.
public final class Rulebook: Sendable {
    public let principals: PrincipalMap
    public let organization: Organization
    /// The shares of each authority as resource policies, in addition to the authority's own policy.
    public let shares: [ARN: [Policy]]
    public let quotas: RequestQuotas
    /// SHA-256 of all rules, in hexadecimal. Different rules have different digests; equivalent rules written
    /// differently have different digests too.
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

/// The rulebook that decides now. A request keeps the rulebook that it was given, even if another comes into
/// force meanwhile.
public final class PolicyInForce: Sendable {
    private struct State {
        var rulebook: Rulebook
        var since: CivilTime
        /// The number of readings of the configuration, and the one that is in force.
        var readings: UInt64 = 0
        var reading: UInt64 = 0
    }

    private let state: Mutex<State>

    public init(_ rulebook: Rulebook) { state = Mutex(State(rulebook: rulebook, since: .now())) }

    public var rulebook: Rulebook { state.withLock { $0.rulebook } }

    /// The rulebook and when it came into force.
    public var current: (rulebook: Rulebook, since: CivilTime) { state.withLock { ($0.rulebook, $0.since) } }

    /// Returns the number of a new reading. Call it before the configuration is read.
    public func beginReading() -> UInt64 {
        state.withLock { state in
            state.readings += 1
            return state.readings
        }
    }

    /// Puts `rulebook` into force for new requests, unless a later reading is in force already.
    public func replace(with rulebook: Rulebook, read reading: UInt64) {
        state.withLock { state in
            guard reading > state.reading else { return }
            (state.rulebook, state.since, state.reading) = (rulebook, .now(), reading)
        }
    }
}
