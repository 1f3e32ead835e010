public import Audit
public import Authorization
public import RecordKeeping

/// Takes a token out of service, or puts it back.
public struct ChangeTokenService: Sendable {
    let inventory: any TokenInventory
    let recorder: Recorder

    /// Records the call and carries it out. A drained token has nothing under way then, and its login has
    /// ended: it can be unplugged.
    public func callAsFunction<Request: TokenServiceRequest>(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        guard await inventory.tokens().contains(where: { $0.name == request.name }) else {
            throw .tokenNotFound(request.name)
        }
        // Before it is done: what cannot be recorded is not done.
        let audited = try await recorder.commit(answering: Answer((), to: call, allowedBy: statement))
        await request.carryOut(on: inventory)
        return audited
    }
}

/// A request about whether a token is in service.
public protocol TokenServiceRequest: Authorizable {
    /// The token's.
    var name: String { get }

    func carryOut(on inventory: any TokenInventory) async
}

/// A request to take a token out of service, for maintenance.
public struct DrainToken: TokenServiceRequest {
    public static let action = Action.drainToken
    public let resource = "*"
    public let name: String

    public init(name: String) { self.name = name }

    public func carryOut(on inventory: any TokenInventory) async { _ = await inventory.drainToken(name) }
}

/// A request to put it back.
public struct ResumeToken: TokenServiceRequest {
    public static let action = Action.resumeToken
    public let resource = "*"
    public let name: String

    public init(name: String) { self.name = name }

    public func carryOut(on inventory: any TokenInventory) async { _ = await inventory.resumeToken(name) }
}
