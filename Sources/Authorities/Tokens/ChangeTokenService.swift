public import Audit
public import Authorization
public import RecordKeeping

/// Takes a token out of service, or puts it back.
public struct ChangeTokenService: Sendable {
    let inventory: any TokenInventory
    let recorder: Recorder

    /// Records the call and carries it out. When draining returns, no call is in progress on the token and
    /// its login has ended, so the token can be unplugged.
    public func callAsFunction<Request: TokenServiceRequest>(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        guard await inventory.tokens().contains(where: { $0.name == request.name }) else {
            throw .tokenNotFound(request.name)
        }
        // Recorded first, because a change that cannot be recorded must not be made.
        let audited = try await recorder.commit(answering: Answer((), to: call, allowedBy: statement))
        await request.carryOut(on: inventory)
        return audited
    }
}

/// A request to change whether a token is in service.
public protocol TokenServiceRequest: Authorizable {
    /// The token's name in the configuration.
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

/// A request to put a token back into service.
public struct ResumeToken: TokenServiceRequest {
    public static let action = Action.resumeToken
    public let resource = "*"
    public let name: String

    public init(name: String) { self.name = name }

    public func carryOut(on inventory: any TokenInventory) async { _ = await inventory.resumeToken(name) }
}
