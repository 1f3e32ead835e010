public import JSON

/// What is wrong in a policy document, and where.
public struct PolicyFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Such as `Statement[1].Effect`; empty for the document itself.
    public let path: String
    public let reason: String

    public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}

extension Policy {
    /// Reads a policy that belongs to a principal: an identity policy or a permissions boundary (IAM JSON policy
    /// reference). Anything unknown is refused: a policy that is understood in part could allow what its author forbade.
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

    /// Reads a policy of a resource, which says whom it speaks of.
    /// - Parameter partition: of the daemon, where `resources` does not say it; a principal of another is a fault
    public init(
        resourcePolicy document: JSONValue, name: String, resources: AuthorityARNs? = nil,
        partition: String? = nil
    ) throws(PolicyFault) {
        self = try PolicyReader(
            name: name, form: .resource, resources: resources, partition: partition ?? resources?.partition
        ).policy(document)
    }

    /// Reads a policy of a resource that was taken and stored. Faults that an older version took are let pass where they
    /// change no decision: an authority whose policy cannot be read could not be mended either.
    public init(storedResourcePolicy document: JSONValue, name: String) throws(PolicyFault) {
        self = try PolicyReader(name: name, form: .resource, isStored: true).policy(document)
    }

    /// Reads a guardrail of an organisation (AWS Organizations User Guide, "Service control policies").
    public init(
        guardrail document: JSONValue, name: String, resources: AuthorityARNs? = nil
    ) throws(PolicyFault) {
        self = try PolicyReader(
            name: name, form: .guardrail, resources: resources, partition: resources?.partition
        ).policy(document)
    }
}
