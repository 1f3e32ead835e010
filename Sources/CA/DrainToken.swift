public import Audit
public import Authorization

/// A request to take a token out of service, for maintenance.
public struct DrainToken: Authorizable {
    public static let action = Action.drainToken
    public let resource = "*"
    public let name: String

    public init(name: String) { self.name = name }
}

/// A request to put it back.
public struct ResumeToken: Authorizable {
    public static let action = Action.resumeToken
    public let resource = "*"
    public let name: String

    public init(name: String) { self.name = name }
}

extension CertificateAuthorities {
    /// Returns when nothing is under way on the token and its login has ended: it can be unplugged.
    public func drainToken(_ authorized: consuming Authorized<DrainToken>, call: APICall)
        async throws(CAError) -> Audited<Void>
    {
        let (name, statement) = (authorized.request.name, authorized.statement)
        guard await isToken(name) else { throw .tokenNotFound(name) }
        // Before it is done: what cannot be recorded is not done.
        let audited = try await commit([], answering: Answer((), to: call, allowedBy: statement))
        _ = await inventory.drainToken(name)
        return audited
    }

    public func resumeToken(_ authorized: consuming Authorized<ResumeToken>, call: APICall)
        async throws(CAError) -> Audited<Void>
    {
        let (name, statement) = (authorized.request.name, authorized.statement)
        guard await isToken(name) else { throw .tokenNotFound(name) }
        let audited = try await commit([], answering: Answer((), to: call, allowedBy: statement))
        _ = await inventory.resumeToken(name)
        return audited
    }

    private func isToken(_ name: String) async -> Bool {
        await inventory.tokens().contains { $0.name == name }
    }
}
