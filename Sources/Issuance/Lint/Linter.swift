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

/// What a rule looks at: the certificate exactly as it will be signed, and who signs it.
struct LintSubject {
    let certificate: Certificate
    let tbsCertificate: [UInt8]
    let authority: IssuingAuthority
    let signingAlgorithm: SigningAlgorithm
    let now: CivilTime

    var isAuthority: Bool {
        if case .isCertificateAuthority = try? certificate.extensions.basicConstraints { return true }
        return false
    }

    var isSelfSigned: Bool {
        certificate.publicKey == authority.publicKey && certificate.subject == certificate.issuer
    }
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

/// Runs every rule over the bytes that are about to be signed.
public enum Linter {
    static let rules: [LintRule] = [
        .serialNumber, .validityOrder, .issuerName, .subjectName, .nameLengths, .uniqueExtensions,
        .authorityKeyIdentifier, .subjectKeyIdentifier, .basicConstraints, .keyUsage, .subjectAlternativeName,
        .serialEntropy, .validityWithinAuthority, .signatureAlgorithm,
    ]

    /// CA/Browser Forum BR 4.3.1.2: linted with a signature that nobody made, so that the token signs nothing
    /// that was not linted.
    public static func findings(
        tbsCertificate: [UInt8], signedWith algorithm: SigningAlgorithm, authority: IssuingAuthority,
        at now: CivilTime
    ) -> [LintFinding] {
        let certificate: Certificate
        do {
            let dummy = try SignedObject.assemble(
                tbs: tbsCertificate, algorithm: algorithm, signature: dummySignature(algorithm))
            certificate = try Certificate(derEncoded: dummy)
        } catch {
            return [
                LintFinding(rule: "RFC 5280, section 4.1", field: "Certificate", problem: parseReason(error))
            ]
        }
        let subject = LintSubject(
            certificate: certificate, tbsCertificate: tbsCertificate, authority: authority,
            signingAlgorithm: algorithm, now: now)
        return rules.compactMap { rule in
            rule.problem(subject).map { LintFinding(rule: rule.source, field: rule.field, problem: $0) }
        }
    }

    private static func dummySignature(_ algorithm: SigningAlgorithm) -> [UInt8] {
        switch algorithm.family {
        case .rsa: [UInt8](repeating: 0, count: 256)
        // Ecdsa-Sig-Value with r = s = 1
        case .ecdsa: [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]
        }
    }
}
