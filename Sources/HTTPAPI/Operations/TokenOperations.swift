internal import Audit
internal import Authorization
internal import CA
internal import Identifiers
internal import PKIX
internal import WireAPI

extension Endpoint {
    static let listTokens = Endpoint(ListTokensOperation.self) { _, call in
        let authorized = try await call.authorize(ListTokens())
        let statement = authorized.statement
        let tokens = await call.authorities.listTokens(authorized)
        return (.init(tokens: tokens.map(TokenShape.init)), unrecorded: statement)
    }

    static let drainToken = Endpoint(DrainTokenOperation.self, canWait: true) { input, call in
        let authorized = try await call.authorize(DrainToken(name: input.name))
        try await call.authorities.drainToken(authorized, call: call.event)
        return (.init(), unrecorded: nil)
    }

    static let resumeToken = Endpoint(ResumeTokenOperation.self, canWait: true) { input, call in
        let authorized = try await call.authorize(ResumeToken(name: input.name))
        try await call.authorities.resumeToken(authorized, call: call.event)
        return (.init(), unrecorded: nil)
    }
}

extension Endpoint {
    static let adoptCertificateAuthority = Endpoint(
        AdoptCertificateAuthorityOperation.self, canWait: true, takesChain: true
    ) { input, call in
        guard let identifier = octets(hexadecimal: input.keyIdentifier) else {
            throw APIError("ValidationException", "the KeyIdentifier is not hexadecimal")
        }
        let request = AdoptCertificateAuthority(
            keyIdentifier: identifier, certificate: input.certificate.bytes,
            chain: input.certificateChain?.bytes)
        let authorized = try await call.authorize(request)
        let arn = try await call.authorities.adoptCertificateAuthority(authorized, call: call.event)
        return (.init(certificateAuthorityArn: arn.description), unrecorded: nil)
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
