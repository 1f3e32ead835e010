/// Why a request is refused, in IAM's words.
public struct AccessDenied: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Sendable, Hashable {
        /// No entry maps the caller to a principal.
        case unmappedCaller
        /// Several bindings match the caller, and none precedes the others.
        case ambiguousCaller([Binding])
        /// The caller has ended, or has changed since it connected.
        case changedCaller(String)
        /// No statement of this kind of policy allows it.
        case implicit(PolicyKind)
        /// This statement denies it.
        case explicit(PolicyKind, statement: String)
        /// It would be allowed with this number of approvals.
        case approvalsMissing(needed: Int)
        /// The facts for the decision could not be read.
        case undecidable(String)
    }

    /// The principal's ARN, or the caller's facts when it has none.
    public let user: String
    /// Nil when the request names no operation.
    public let action: Action?
    public let resource: String
    public let reason: Reason

    /// The refusal of a caller without a principal.
    public init(_ caller: Caller, action: Action?, resource: String = "*", reason: Reason) {
        self.init(user: caller.description, action: action, resource: resource, reason: reason)
    }

    public init(user: String, action: Action?, resource: String, reason: Reason) {
        self.user = user
        self.action = action
        self.resource = resource
        self.reason = reason
    }

    public var description: String {
        "User: \(user) is not authorized to perform: \(name) on resource: \(resource) \(ending)"
    }

    private var name: String { action?.rawValue ?? "an unknown action" }

    private var ending: String {
        switch reason {
        case .unmappedCaller: "because this peer is not mapped to a principal"
        case .ambiguousCaller(let bindings):
            "because this peer is mapped more than once: by \(bindings.map(\.description).joined(separator: " and by "))"
        case .changedCaller(let what): "because \(what)"
        case .implicit(let kind): "because no \(kind.rawValue) allows the \(name) action"
        case .explicit(let kind, _):
            "with an explicit deny in \(kind == .identity ? "an" : "a") \(kind.rawValue)"
        case .approvalsMissing(let needed):
            "because it needs the approval of \(needed) \(needed == 1 ? "officer" : "officers"), and cannot wait for it"
        case .undecidable(let what): "because the decision could not be made: \(what)"
        }
    }
}
