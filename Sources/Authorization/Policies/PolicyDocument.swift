public import JSON

/// A fault of a policy document, with its place.
public struct PolicyFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Such as `Statement[1].Effect`; empty for the document itself.
    public let path: String
    public let reason: String

    public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}

extension Policy {
    /// Reads a policy that belongs to a principal: an identity policy or a permissions boundary (IAM JSON
    /// policy reference). Anything unknown is refused: a policy that is understood in part could allow what
    /// its author forbade.
    /// - Parameters:
    ///   - name: the file's name
    ///   - resources: a `Resource` that matches none of these is a fault; nil where no daemon is known
    public init(
        identityPolicy document: JSONValue, name: String, resources: AuthorityARNs? = nil
    ) throws(PolicyFault) {
        self = try PolicyReader(
            name: name, form: .identity, resources: resources, partition: resources?.partition
        ).policy(document)
    }

    /// Reads a policy of a resource, which names principals.
    /// - Parameter partition: the daemon's partition, if `resources` does not have it; a principal of another
    ///   partition is a fault
    public init(
        resourcePolicy document: JSONValue, name: String, resources: AuthorityARNs? = nil,
        partition: String? = nil
    ) throws(PolicyFault) {
        self = try PolicyReader(
            name: name, form: .resource, resources: resources, partition: partition ?? resources?.partition
        ).policy(document)
    }

    /// Reads a stored policy of a resource. Ignores faults that an older version accepted and that change no
    /// decision, because an authority with an unreadable policy could not be corrected.
    public init(storedResourcePolicy document: JSONValue, name: String) throws(PolicyFault) {
        self = try PolicyReader(name: name, form: .resource, isStored: true).policy(document)
    }

    /// Reads a guardrail of an organization (AWS Organizations User Guide, "Service control policies").
    public init(
        guardrail document: JSONValue, name: String, resources: AuthorityARNs? = nil
    ) throws(PolicyFault) {
        self = try PolicyReader(
            name: name, form: .guardrail, resources: resources, partition: resources?.partition
        ).policy(document)
    }
}
