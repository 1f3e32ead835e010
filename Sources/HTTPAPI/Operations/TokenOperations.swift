internal import Audit
internal import Authorization
internal import CA
internal import WireAPI

extension Endpoint {
    static let listTokens = Endpoint(ListTokensOperation.self) { _, call in
        let authorized = try await call.authorize(ListTokens())
        let statement = authorized.statement
        let tokens = await call.authorities.listTokens(authorized)
        return (.init(tokens: tokens.map(TokenShape.init)), unrecorded: statement)
    }

    static let drainToken = Endpoint(DrainTokenOperation.self) { input, call in
        let authorized = try await call.authorize(DrainToken(name: input.name))
        try await call.authorities.drainToken(authorized, call: call.event)
        return (.init(), unrecorded: nil)
    }

    static let resumeToken = Endpoint(ResumeTokenOperation.self) { input, call in
        let authorized = try await call.authorize(ResumeToken(name: input.name))
        try await call.authorities.resumeToken(authorized, call: call.event)
        return (.init(), unrecorded: nil)
    }
}

extension Endpoint {
    static let adoptCertificateAuthority = Endpoint(AdoptCertificateAuthorityOperation.self) {
        input, call in
        guard let identifier = octets(input.keyIdentifier) else {
            throw APIError("ValidationException", "the KeyIdentifier is not hexadecimal")
        }
        let request = AdoptCertificateAuthority(
            keyIdentifier: identifier, certificate: input.certificate.bytes,
            chain: input.certificateChain?.bytes)
        let authorized = try await call.authorize(request)
        let arn = try await call.authorities.adoptCertificateAuthority(authorized, call: call.event)
        return (.init(certificateAuthorityArn: arn.description), unrecorded: nil)
    }

    private static func octets(_ text: String) -> [UInt8]? {
        guard text.count % 2 == 0 else { return nil }
        let digits = text.compactMap(\.hexDigitValue)
        guard digits.count == text.count else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
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
