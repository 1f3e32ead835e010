public import Audit
public import Authorization
public import RecordKeeping

/// Puts a token back into service.
public struct ResumeToken: Sendable {
    let inventory: any TokenInventory
    let recorder: Recorder

    /// A request to put it back.
    public struct Request: Authorizable {
        public static let action = Action.resumeToken
        public let resource = "*"
        public let name: String

        public init(name: String) { self.name = name }
    }

    public func callAsFunction(_ authorized: consuming Authorized<Request>, call: APICall)
        async throws(CAError) -> Audited<Void>
    {
        let (name, statement) = (authorized.request.name, authorized.statement)
        guard await isToken(name) else { throw .tokenNotFound(name) }
        let audited = try await recorder.commit([], answering: Answer((), to: call, allowedBy: statement))
        _ = await inventory.resumeToken(name)
        return audited
    }

    private func isToken(_ name: String) async -> Bool {
        await inventory.tokens().contains { $0.name == name }
    }
}
