public import PKIX
internal import SwiftASN1
internal import X509

/// Something in a certificate that breaks a rule.
public struct LintFinding: Sendable, Hashable, CustomStringConvertible {
    /// Such as `RFC 5280, section 4.1.2.2`.
    public let rule: String
    /// The field or extension it is about.
    public let field: String
    public let problem: String

    public var description: String { "\(field) \(problem) (\(rule))" }
}

/// What a rule looks at: the certificate exactly as it is or will be signed, and, when it is known, who signs it.
final class LintSubject: Sendable {
    let certificate: Certificate
    /// Nil for a certificate that somebody else signed.
    let issuance: Issuance?
    let isAuthority: Bool
    let isSelfSigned: Bool
    /// Nil when it is missing or does not parse, which rules of their own tell apart.
    let basicConstraints: BasicConstraints?
    let keyUsage: KeyUsage?

    struct Issuance: Sendable {
        let authority: IssuingAuthority
        let signingAlgorithm: SigningAlgorithm
    }

    init(_ certificate: Certificate, issuance: Issuance?) {
        self.certificate = certificate
        self.issuance = issuance
        basicConstraints = try? certificate.extensions.basicConstraints
        keyUsage = try? certificate.extensions.keyUsage
        isAuthority = if case .isCertificateAuthority = basicConstraints { true } else { false }
        // For a certificate that is not signed yet, the key that will sign it tells.
        isSelfSigned =
            certificate.subject == certificate.issuer
            && (issuance.map { $0.authority.publicKey == certificate.publicKey }
                ?? certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
    }

    func entry(_ oid: ASN1ObjectIdentifier) -> Certificate.Extension? { certificate.extensions[oid: oid] }
}

/// One rule. It says what is wrong, or nothing.
struct LintRule: Sendable {
    let source: String
    let field: String
    let problem: @Sendable (LintSubject) -> String?

    init(_ source: String, _ field: String, _ problem: @escaping @Sendable (LintSubject) -> String?) {
        self.source = source
        self.field = field
        self.problem = problem
    }
}

/// Runs every rule over a certificate: over the bytes that are about to be signed, or over one that somebody has.
public enum Linter {
    static let rules: [LintRule] = [
        .version, .serialNumber, .signatureAlgorithms, .validityOrder, .validityEncoding, .issuerName,
        .subjectName, .nameLengths, .nameStrings, .uniqueExtensions, .extensionEncoding,
        .authorityKeyIdentifier, .subjectKeyIdentifier, .basicConstraints, .keyUsage, .keyUsageForKey,
        .extendedKeyUsage, .certificatePolicies, .policyExtensions, .subjectAlternativeName,
        .issuerAlternativeName, .nameConstraints, .distributionPoints, .informationAccess,
        .subjectDirectoryAttributes,
        .serialEntropy, .validityWithinAuthority, .signatureAlgorithm, .namesWithinAuthority,
        .purposesWithinAuthority, .precertificate,
    ]

    /// CA/Browser Forum BR 4.3.1.2: linted with a signature that nobody made, so that the token signs nothing
    /// that was not linted.
    public static func findings(
        tbsCertificate: [UInt8], signedWith algorithm: SigningAlgorithm, authority: IssuingAuthority
    ) -> [LintFinding] {
        let der = SignedObject.assemble(
            tbs: tbsCertificate, algorithm: algorithm, signature: dummySignature(algorithm))
        return findings(der, .init(authority: authority, signingAlgorithm: algorithm))
    }

    /// The rules that need no knowledge of the issuer.
    public static func findings(certificate der: [UInt8]) -> [LintFinding] { findings(der, nil) }

    private static func findings(_ der: [UInt8], _ issuance: LintSubject.Issuance?) -> [LintFinding] {
        let certificate: Certificate
        do { certificate = try CertificateParser.parse(der) } catch { return [unparsable(error)] }
        let subject = LintSubject(certificate, issuance: issuance)
        return rules.compactMap { rule in
            rule.problem(subject).map { LintFinding(rule: rule.source, field: rule.field, problem: $0) }
        }
    }

    private static func unparsable(_ error: any Error) -> LintFinding {
        // What is neither DER nor a certificate says so; what is left is a key that the library does not take.
        let isStructure = error is ParseFault
        return LintFinding(
            rule: "RFC 5280, section 4.1", field: "Certificate",
            problem: isStructure
                ? "does not parse: \(parseReason(error))"
                : "has a public key that is malformed, or RSA of less than 2048 bits")
    }

    private static func dummySignature(_ algorithm: SigningAlgorithm) -> [UInt8] {
        switch algorithm.family {
        case .rsa: [UInt8](repeating: 0, count: 256)
        // Ecdsa-Sig-Value with r = s = 1
        case .ecdsa: [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]
        }
    }
}
