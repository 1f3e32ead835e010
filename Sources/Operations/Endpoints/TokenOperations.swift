internal import Audit
internal import Authorities
internal import Authorization
internal import Identifiers
internal import PKIX
internal import WireAPI

enum TokenOperations {
    static let all: [Endpoint] = [
        listTokens, drainToken, resumeToken,
    ]

    static let listTokens = Endpoint(ListTokensOperation.self) { _, call in
        let authorized = try await call.authorize(ListTokens.Request())
        return try await call.authorities.listTokens(authorized, for: call.event).map {
            .init(tokens: $0.map(TokenShape.init))
        }
    }

    static let drainToken = Endpoint(DrainTokenOperation.self, canWait: true) { input, call in
        let authorized = try await call.authorize(DrainToken(name: input.name))
        return try await call.authorities.changeTokenService(authorized, call: call.event).map { .init() }
    }

    static let resumeToken = Endpoint(ResumeTokenOperation.self, canWait: true) { input, call in
        let authorized = try await call.authorize(ResumeToken(name: input.name))
        return try await call.authorities.changeTokenService(authorized, call: call.event).map { .init() }
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
