public import Audit
public import Authorization
public import RecordKeeping

/// Takes a token out of service.
public struct DrainToken: Sendable {
    let inventory: any TokenInventory
    let recorder: Recorder

    /// A request to take a token out of service, for maintenance.
    public struct Request: Authorizable {
        public static let action = Action.drainToken
        public let resource = "*"
        public let name: String

        public init(name: String) { self.name = name }
    }

    /// Returns when nothing is under way on the token and its login has ended: it can be unplugged.
    public func callAsFunction(_ authorized: consuming Authorized<Request>, call: APICall)
        async throws(CAError) -> Audited<Void>
    {
        let (name, statement) = (authorized.request.name, authorized.statement)
        guard await isToken(name) else { throw .tokenNotFound(name) }
        // Before it is done: what cannot be recorded is not done.
        let audited = try await recorder.commit([], answering: Answer((), to: call, allowedBy: statement))
        _ = await inventory.drainToken(name)
        return audited
    }

    private func isToken(_ name: String) async -> Bool {
        await inventory.tokens().contains { $0.name == name }
    }
}
