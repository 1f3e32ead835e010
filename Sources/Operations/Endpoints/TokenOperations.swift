internal import Audit
internal import Authorization
internal import CA
internal import Identifiers
internal import PKIX
internal import WireAPI

extension Endpoint {
    static let listTokens = Endpoint(ListTokensOperation.self) { _, call in
        let authorized = try await call.authorize(ListTokens.Request())
        return try await call.useCases.listTokens(authorized, for: call.event).map {
            .init(tokens: $0.map(TokenShape.init))
        }
    }

    static let drainToken = Endpoint(DrainTokenOperation.self, canWait: true) { input, call in
        let authorized = try await call.authorize(DrainToken.Request(name: input.name))
        return try await call.useCases.drainToken(authorized, call: call.event).map { .init() }
    }

    static let resumeToken = Endpoint(ResumeTokenOperation.self, canWait: true) { input, call in
        let authorized = try await call.authorize(ResumeToken.Request(name: input.name))
        return try await call.useCases.resumeToken(authorized, call: call.event).map { .init() }
    }
}

extension Endpoint {
    static let adoptCertificateAuthority = Endpoint(
        AdoptCertificateAuthorityOperation.self, canWait: true, takesChain: true
    ) { input, call in
        guard let identifier = octets(hexadecimal: input.keyIdentifier) else {
            throw APIError("ValidationException", "the KeyIdentifier is not hexadecimal")
        }
        let request = AdoptCertificateAuthority.Request(
            keyIdentifier: identifier, certificate: input.certificate.bytes,
            chain: input.certificateChain?.bytes)
        let authorized = try await call.authorize(request)
        return try await call.useCases.adoptCertificateAuthority(authorized, call: call.event).map { arn in
            .init(certificateAuthorityArn: arn.description)
        }
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
