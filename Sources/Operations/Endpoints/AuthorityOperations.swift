internal import Audit
internal import Authorities
internal import Authorization
internal import Crypto
internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import WireAPI

enum AuthorityOperations {
    static let all: [Endpoint] = [
        createCertificateAuthority, describeCertificateAuthority, listCertificateAuthorities,
        getCertificateAuthorityCsr, getCertificateAuthorityCertificate, importCertificateAuthorityCertificate,
        adoptCertificateAuthority,
    ]

    static let createCertificateAuthority = Endpoint(CreateCertificateAuthorityOperation.self, canWait: true)
    {
        input, call in
        let request = try CreateCertificateAuthority.Request(input)
        let authorized = try await call.authorize(request)
        if let tags = request.tags {
            // The resource is any authority, because the new one has no ARN yet.
            let tagging = TagCertificateAuthority.Request(
                certificateAuthority: call.useCases.settings.naming.certificateAuthority("*"), tags: tags)
            try await call.requireAlso(tagging)
        }
        return try await call.authorities.createCertificateAuthority(authorized, call: call.event).map {
            arn in .init(certificateAuthorityArn: arn.description)
        }
    }

    static let describeCertificateAuthority = Endpoint(DescribeCertificateAuthorityOperation.self) {
        input, call in
        let request = DescribeCertificateAuthority.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn))
        let authorized = try await call.authorize(request)
        return try await call.authorities.describeCertificateAuthority(authorized, for: call.event).map {
            .init(certificateAuthority: CertificateAuthority($0))
        }
    }

    static let listCertificateAuthorities = Endpoint(ListCertificateAuthoritiesOperation.self) {
        input, call in
        let request = ListCertificateAuthorities.Request(limit: input.maxResults, nextToken: input.nextToken)
        let authorized = try await call.authorize(request)
        let isForeign = call.requester.principal.arn.account != call.useCases.settings.naming.account
        // All authorities belong to the daemon's account, so OTHER_ACCOUNTS is for principals of other
        // accounts only.
        guard isForeign == (input.resourceOwner == "OTHER_ACCOUNTS") else {
            return try await call.useCases.recorder.answer(
                .init(certificateAuthorities: [], nextToken: nil), to: call.event,
                allowedBy: authorized.statement)
        }
        return try await call.authorities.listCertificateAuthorities(authorized, for: call.event) {
            isForeign
                ? call.isAllowed(DescribeCertificateAuthority.Request(certificateAuthority: $0), about: $1)
                : true
        }.map { page, nextToken in
            .init(certificateAuthorities: page.map { CertificateAuthority($0) }, nextToken: nextToken)
        }
    }

    static let getCertificateAuthorityCsr = Endpoint(GetCertificateAuthorityCsrOperation.self) {
        input, call in
        let request = GetCertificateAuthorityCsr.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn))
        let authorized = try await call.authorize(request)
        return try await call.authorities.getCertificateAuthorityCsr(authorized, for: call.event).map {
            .init(csr: $0)
        }
    }

    static let getCertificateAuthorityCertificate = Endpoint(GetCertificateAuthorityCertificateOperation.self)
    {
        input, call in
        let request = GetCertificateAuthorityCertificate.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn))
        let authorized = try await call.authorize(request)
        return try await call.authorities.getCertificateAuthorityCertificate(authorized, for: call.event).map
        {
            .init(certificate: $0.certificate, certificateChain: $0.chain)
        }
    }

    static let importCertificateAuthorityCertificate = Endpoint(
        ImportCertificateAuthorityCertificateOperation.self, canWait: true, takesChain: true
    ) { input, call in
        let request = ImportCertificateAuthorityCertificate.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn),
            certificate: input.certificate.bytes, chain: input.certificateChain?.bytes)
        let authorized = try await call.authorize(request)
        return try await call.authorities.importCertificateAuthorityCertificate(authorized, call: call.event)
            .map { EmptyOutput() }
    }

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
        return try await call.authorities.adoptCertificateAuthority(authorized, call: call.event).map { arn in
            .init(certificateAuthorityArn: arn.description)
        }
    }
}

extension CreateCertificateAuthority.Request {
    fileprivate init(_ input: CreateCertificateAuthorityOperation.Input) throws {
        let configuration = input.certificateAuthorityConfiguration
        guard let keyAlgorithm = KeyAlgorithm(rawValue: configuration.keyAlgorithm) else {
            throw CAError.invalidArguments(
                "the KeyAlgorithm \(configuration.keyAlgorithm) is not supported; supported are "
                    + KeyAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))
        }
        guard let signingAlgorithm = SigningAlgorithm(rawValue: configuration.signingAlgorithm) else {
            throw CAError.invalidArguments(
                "the SigningAlgorithm \(configuration.signingAlgorithm) is not supported; supported are "
                    + SigningAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))
        }
        guard let kind = CertificateAuthorityRecord.Kind(rawValue: input.certificateAuthorityType),
            let usageMode = CertificateAuthorityRecord.UsageMode(
                rawValue: input.usageMode ?? "GENERAL_PURPOSE")
        else { throw CAError.invalidArguments("the type or usage mode is not supported") }
        self.init(
            kind: kind, keyAlgorithm: keyAlgorithm, signingAlgorithm: signingAlgorithm,
            subject: try configuration.subject.checked(),
            requestedExtensions: try configuration.csrExtensions?.makeExtensions() ?? [],
            usageMode: usageMode,
            keyStorageSecurityStandard: input.keyStorageSecurityStandard,
            tags: try input.tags.map { try Tags($0) },
            revocation: try input.revocationConfiguration.map { try RevocationConfiguration($0) }
                ?? RevocationConfiguration(),
            idempotency: try IdempotencyKey(input, token: input.idempotencyToken) {
                $0.idempotencyToken = nil
            })
    }
}

extension IdempotencyKey {
    /// Nil without a token. `forget` removes the token from the input, because the digest covers the request
    /// without it.
    init?<Input: Encodable>(_ input: Input, token: String?, forget: (inout Input) -> Void) throws {
        guard let token else { return nil }
        var bare = input
        forget(&bare)
        let digest = SHA256.hash(data: try JSONValueEncoder().encode(bare).encoded())
        self.init(
            token: token,
            requestDigest: hexadecimal(digest))
    }
}
