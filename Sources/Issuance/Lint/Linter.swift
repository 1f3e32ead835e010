public import PKIX
internal import SwiftASN1
public import X509

/// A finding: a violation of a rule in a certificate.
public struct LintFinding: Sendable, Hashable, CustomStringConvertible {
    /// Such as `RFC 5280, section 4.1.2.2`.
    public let rule: String
    /// The field or extension of the finding.
    public let field: String
    public let problem: String
    public var level = LintLevel.must

    public var description: String {
        "\(field) \(problem) (\(rule)\(level == .should ? ", SHOULD" : ""))"
    }
}

/// Whether a standard says MUST or SHOULD (RFC 2119). A certificate that breaks a MUST is not signed; `signet
/// lint` also reports SHOULD.
public enum LintLevel: String, Sendable, Hashable, Codable {
    case must = "MUST"
    case should = "SHOULD"
}

/// One rule. Its check returns a finding or nil.
struct LintRule: Sendable {
    let source: String
    let field: String
    let level: LintLevel
    let problem: @Sendable (LintSubject) -> String?

    init(
        _ source: String, _ field: String, level: LintLevel = .must,
        _ problem: @escaping @Sendable (LintSubject) -> String?
    ) {
        self.source = source
        self.field = field
        self.level = level
        self.problem = problem
    }
}

/// Runs every rule over a certificate: over the bytes that are about to be signed, or over one that exists.
public enum Linter {
    static let rules: [LintRule] = rulesOfAnyKey + [KeyUsageForKeyLint.rule]

    /// Rules that do not depend on the key.
    private static let rulesOfAnyKey: [LintRule] =
        [
            VersionLint.rule, SerialNumberLint.rule, SignatureAlgorithmAgreementLint.rule,
            ValidityOrderLint.rule, ValidityEncodingLint.rule,
            IssuerNameLint.rule,
            SubjectNameLint.rule, .subjectStructure, .subjectStrings, .subjectCharacters, .subjectTypes,
            .subjectLengths,
            .issuerStructure, .issuerStrings, .issuerCharacters, .issuerTypes, .issuerLengths,
            .directoryNameStructure, .directoryNameStrings, .directoryNameCharacters, .directoryNameTypes,
            .directoryNameLengths, .subjectDomainComponents, .issuerDomainComponents,
            .directoryNameDomainComponents, EmailAddressLint.rule, UniqueNamesLint.rule,
            UniqueExtensionsLint.rule,
            ExtensionEncodingLint.rule,
            KeyIdentifiersLint.authorityKeyIdentifier, AuthorityCertificateReferenceLint.rule,
            KeyIdentifiersLint.subjectKeyIdentifier, BasicConstraintsLint.rule,
            KeyUsageLint.rule, KeyAgreementUsageLint.rule, ExtendedKeyUsageLint.rule,
            CertificatePoliciesLint.rule, PolicyQualifiersLint.rule,
            ExplicitTextLint.rule,
            PolicyExtensionsLint.rule, MappedAnyPolicyLint.rule, SubjectAlternativeNameLint.rule,
            IssuerAlternativeNameLint.rule,
            NameConstraintsLint.rule, NameConstraintMasksLint.rule, DistributionPointsLint.rule,
            InformationAccessLint.rule,
            SubjectDirectoryAttributesLint.rule, PrivateKeyUsagePeriodLint.rule, OtherGeneralNamesLint.rule,
            ApplicationPoliciesLint.rule,
            SignedCertificateTimestampsLint.rule, TLSFeatureLint.rule, OCSPNoCheckLint.rule,
            QCStatementsLint.rule, NoRevocationAvailableLint.rule,
            ProxyCertificateLint.rule, AddressBlocksLint.rule, AutonomousSystemsLint.rule,
            SerialEntropyLint.rule, ValidityWithinAuthorityLint.rule, SignatureAlgorithmLint.rule,
            SignatureDigestLint.rule, KeyStrengthLint.rule,
            NamesWithinAuthorityLint.rule, PurposesWithinAuthorityLint.rule,
            ResourcesWithinAuthorityLint.addresses,
            ResourcesWithinAuthorityLint.numbers,
            PrecertificateLint.rule,
        ] + KnownSyntaxesLint.rules

    /// Recommendations of standards. `signet lint` reports them; they are no reason to refuse a request.
    static let recommendations: [LintRule] = [
        KeyUsageCriticalLint.rule, PolicyMappingsCriticalLint.rule, MappedPoliciesLint.rule,
        ExplicitTextEncodingLint.rule,
    ]

    /// Rules that relying parties apply to every certificate of a path (OpenSSL with `-x509_strict`).
    private static let pathRules: [LintRule] = [
        VersionLint.rule, SignatureAlgorithmAgreementLint.rule, IssuerNameLint.rule, SubjectNameLint.rule,
        .subjectStructure, .subjectStrings,
        .issuerStructure, .issuerStrings, UniqueExtensionsLint.rule,
        KeyIdentifiersLint.authorityKeyIdentifier, AuthorityCertificateReferenceLint.rule,
        KeyIdentifiersLint.subjectKeyIdentifier, BasicConstraintsLint.rule,
        KeyUsageLint.rule, ExtendedKeyUsageLint.rule, SubjectAlternativeNameLint.rule,
        CertificatePoliciesLint.rule, PolicyExtensionsLint.rule,
        NameConstraintsLint.rule, DistributionPointsLint.rule, SignatureDigestLint.rule,
    ]

    /// Rules whose violation makes even a trusted certificate invalid for relying parties (OpenSSL,
    /// `EXFLAG_INVALID`).
    private static let malformations: [LintRule] = [
        UniqueExtensionsLint.rule, MalformedExtensionsLint.rule, ProxyCertificateLint.rule,
    ]

    /// CA/Browser Forum BR 4.3.1.2: linted with a placeholder for the signature, so that the token signs
    /// nothing that was not linted. Recommendations are left out.
    /// - Parameter templateKeyUsage: the key usage that the template defines
    public static func findings(
        tbsCertificate: [UInt8], signedWith algorithm: SigningAlgorithm, authority: IssuingAuthority,
        templateKeyUsage: KeyUsage? = nil
    ) -> [LintFinding] {
        let der = SignedObject.assemble(
            tbs: tbsCertificate, algorithm: algorithm, signature: dummySignature(algorithm))
        return findings(
            der, rules,
            .init(
                authority: authority, signingAlgorithm: algorithm, templateKeyUsage: templateKeyUsage))
    }

    /// The rules that need no knowledge of the issuer, and the recommendations.
    public static func findings(certificate der: [UInt8]) -> [LintFinding] {
        findings(der, rules + recommendations, nil)
    }

    /// The finding in a template's sample, whose key represents keys of every kind.
    static func findings(sample der: [UInt8]) -> [LintFinding] { findings(der, rulesOfAnyKey, nil) }

    /// Why relying parties would refuse a path that this certificate of an authority is part of.
    public static func findings(inPath der: [UInt8]) -> [LintFinding] { findings(der, pathRules, nil) }

    /// Why relying parties would refuse every path to this certificate, even if they trust it: a part that
    /// they cannot parse.
    public static func malformations(of der: [UInt8]) -> [LintFinding] { findings(der, malformations, nil) }

    private static func findings(
        _ der: [UInt8], _ rules: [LintRule], _ issuance: LintSubject.Issuance?
    ) -> [LintFinding] {
        let subject: LintSubject
        do throws(SyntaxFault) {
            let fields = try CertificateFields(derEncoded: der)
            if let read = LintSubject(fields, der: der, issuance: issuance) {
                subject = read
            } else {
                // Parsing the parts one by one finds the part that the library refuses.
                _ = try CertificateParser.parse(der, fields)
                return [unparsable("is not read")]
            }
        } catch { return [unparsable("\(error)")] }
        var findings: [LintFinding] = []
        // Uses indices, so that rules without a finding are not copied.
        for place in rules.indices {
            guard let problem = rules[place].problem(subject) else { continue }
            let rule = rules[place]
            findings.append(
                LintFinding(rule: rule.source, field: rule.field, problem: problem, level: rule.level))
        }
        return findings
    }

    private static func unparsable(_ reason: String) -> LintFinding {
        LintFinding(
            rule: "RFC 5280, section 4.1", field: "Certificate", problem: "does not parse: \(reason)")
    }

    private static func dummySignature(_ algorithm: SigningAlgorithm) -> [UInt8] {
        switch algorithm.family {
        case .rsa: [UInt8](repeating: 0, count: 256)
        // Ecdsa-Sig-Value with r = s = 1
        case .ecdsa: [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]
        }
    }
}
