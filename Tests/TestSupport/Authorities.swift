public import APIClient
internal import Foundation
public import WireAPI

/// Shortcuts for creating authorities and certificates through the API.
extension SignetClient {
    public func createAuthority(
        _ type: String, commonName: String, keyAlgorithm: String = "EC_prime256v1",
        signingAlgorithm: String = "SHA256WITHECDSA",
        change: (inout CreateCertificateAuthorityOperation.Input) -> Void = { _ in }
    ) async throws -> String {
        var subject = ASN1Subject()
        subject.commonName = commonName
        subject.organization = "Signet Tests"
        var input = CreateCertificateAuthorityOperation.Input(
            certificateAuthorityConfiguration: .init(
                keyAlgorithm: keyAlgorithm, signingAlgorithm: signingAlgorithm, subject: subject),
            certificateAuthorityType: type)
        change(&input)
        return try await call(CreateCertificateAuthorityOperation.self, input).certificateAuthorityArn
    }

    /// Signs the authority's CSR with `issuer` and imports the certificate.
    public func activate(
        _ authority: String, by issuer: String, template: String,
        signingAlgorithm: String = "SHA256WITHECDSA",
        days: Int64 = 365
    ) async throws {
        let csr = try await call(
            GetCertificateAuthorityCsrOperation.self, .init(certificateAuthorityArn: authority)
        ).csr
        let issued = try await issue(
            csr, by: issuer, template: template, signingAlgorithm: signingAlgorithm, days: days)
        try await importCertificate(issued.certificate, issued.certificateChain, of: authority)
    }

    public func activeRoot(
        _ keyAlgorithm: String = "EC_prime256v1", _ signingAlgorithm: String = "SHA256WITHECDSA"
    ) async throws -> String {
        let root = try await createAuthority(
            "ROOT", commonName: "Root \(keyAlgorithm)", keyAlgorithm: keyAlgorithm,
            signingAlgorithm: signingAlgorithm)
        try await activate(
            root, by: root, template: "RootCACertificate/V1", signingAlgorithm: signingAlgorithm, days: 3650)
        return root
    }

    public func issue(
        _ csr: String, by issuer: String, template: String? = nil,
        signingAlgorithm: String = "SHA256WITHECDSA",
        days: Int64 = 30, change: (inout IssueCertificateOperation.Input) -> Void = { _ in }
    ) async throws -> CertificateOutput {
        var input = IssueCertificateOperation.Input(
            certificateAuthorityArn: issuer, csr: Blob(csr.utf8), signingAlgorithm: signingAlgorithm,
            templateArn: template.map { "arn:aws:acm-pca:::template/\($0)" },
            validity: .init(value: days, type: "DAYS"))
        change(&input)
        let arn = try await call(IssueCertificateOperation.self, input).certificateArn
        return try await call(
            GetCertificateOperation.self, .init(certificateAuthorityArn: issuer, certificateArn: arn))
    }

    /// Creates a subordinate authority and signs its certificate without importing it.
    public func pendingSubordinate(of root: String) async throws -> PendingSubordinate {
        let arn = try await createAuthority("SUBORDINATE", commonName: "Sub")
        let csr = try await call(
            GetCertificateAuthorityCsrOperation.self, .init(certificateAuthorityArn: arn)
        ).csr
        let signed = try await issue(csr, by: root, template: "SubordinateCACertificate_PathLen0/V1")
        return PendingSubordinate(arn: arn, csr: csr, signed: signed)
    }

    public func importCertificate(_ certificate: String, _ chain: String?, of authority: String) async throws
    {
        _ = try await call(
            ImportCertificateAuthorityCertificateOperation.self,
            .init(
                certificateAuthorityArn: authority, certificate: Blob(certificate.utf8),
                certificateChain: chain.map { Blob($0.utf8) }))
    }
}

/// A subordinate authority that waits for its certificate.
public struct PendingSubordinate: Sendable {
    public let arn: String
    public let csr: String
    public let signed: CertificateOutput
}

/// Certification requests made by OpenSSL.
public enum OpenSSLRequest {
    /// - Parameters:
    ///   - key: arguments of `openssl req -newkey`
    public static func make(
        subject: String = "/CN=service.example.com", names: String? = "DNS:service.example.com",
        key: [String] = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    ) throws -> String {
        let directory = try TemporaryDirectory()
        var arguments =
            ["req", "-new", "-nodes", "-keyout", directory.path("key"), "-subj", subject, "-newkey"] + key
        if let names { arguments += ["-addext", "subjectAltName=\(names)"] }
        return try Command.output("openssl", arguments)
    }
}
