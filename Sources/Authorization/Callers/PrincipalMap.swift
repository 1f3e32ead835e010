/// Maps callers to principals by their bindings.
public struct PrincipalMap: Sendable {
    public struct Entry: Sendable {
        public let binding: Binding
        public let principal: Principal

        public init(_ binding: Binding, _ principal: Principal) {
            self.binding = binding
            self.principal = principal
        }
    }

    /// The entries in the order of the configuration.
    public let entries: [Entry]
    private let byUID: [UInt32: [Entry]]
    private let withoutUID: [Entry]
    private let byARN: [ARN: Principal]

    public init(_ entries: [Entry]) {
        self.entries = entries
        byUID = Dictionary(grouping: entries.filter { $0.binding.uid != nil }) { $0.binding.uid ?? .max }
        withoutUID = entries.filter { $0.binding.uid == nil }
        byARN = Dictionary(entries.map { ($0.principal.arn, $0.principal) }) { first, _ in first }
    }

    /// The result of matching a caller with the bindings.
    public enum Identity: Sendable {
        case principal(Principal)
        /// No entry maps it.
        case unmapped
        /// Several bindings match it, and none precedes the others.
        case ambiguous([Binding])
    }

    public func identify(_ caller: Caller) -> Identity {
        let own = (byUID[caller.uid] ?? []).filter { $0.binding.matches(caller) }
        // A binding with a user precedes any without one.
        var candidates = own.isEmpty ? withoutUID.filter { $0.binding.matches(caller) } : own
        // A user with its own entries cannot escape them by becoming one of its subordinate users.
        if own.isEmpty, case .process(let peer) = caller, let owner = peer.subordinate?.owner,
            byUID[owner] != nil
        {
            candidates = []
        }
        if candidates.isEmpty { return .unmapped }
        let first = candidates.indices.first { index in
            candidates.indices.allSatisfy {
                $0 == index || candidates[index].binding.precedes(candidates[$0].binding, for: caller)
            }
        }
        guard let first else { return .ambiguous(candidates.map(\.binding)) }
        return .principal(candidates[first].principal)
    }

    public func principal(_ arn: ARN) -> Principal? { byARN[arn] }
}
