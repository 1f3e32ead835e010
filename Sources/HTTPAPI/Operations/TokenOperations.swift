internal import Audit
internal import Authorization
internal import CA
internal import WireAPI

extension Endpoint {
    static let listTokens = Endpoint(ListTokensOperation.self) { _, call, workshop in
        let authorized = try workshop.authorizer.authorize(ListTokens(), from: call.peer)
        let statement = authorized.statement
        let tokens = await workshop.authorities.listTokens(authorized)
        return (.init(tokens: tokens.map(TokenShape.init)), unrecorded: statement)
    }

    static let drainToken = Endpoint(DrainTokenOperation.self) { input, call, workshop in
        let authorized = try workshop.authorizer.authorize(DrainToken(name: input.name), from: call.peer)
        try await workshop.authorities.drainToken(authorized, call: call)
        return (.init(), unrecorded: nil)
    }

    static let resumeToken = Endpoint(ResumeTokenOperation.self) { input, call, workshop in
        let authorized = try workshop.authorizer.authorize(ResumeToken(name: input.name), from: call.peer)
        try await workshop.authorities.resumeToken(authorized, call: call)
        return (.init(), unrecorded: nil)
    }
}

extension TokenShape {
    fileprivate init(_ token: CustodyToken) {
        self.init(
            name: token.name, status: token.status.rawValue, label: token.label,
            serialNumber: token.serialNumber, model: token.model, reason: token.reason,
            profile: token.profile,
            keyStorageSecurityStandard: token.securityStandard)
    }
}
