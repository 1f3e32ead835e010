internal import SwiftASN1

extension ExtensionSyntax {
    /// Extensions with only a syntax rule: those that OpenSSL decodes, and other well-known ones.
    public static let withoutOtherRules: [ExtensionSyntax] = rfcs + netscape + microsoft + vendors

    private static let rfcs: [ExtensionSyntax] = [
        .init(
            [1, 3, 6, 1, 5, 5, 7, 1, 2], "biometricInfo", "RFC 3739, section 3.2.5",
            RelatedExtensions.checkBiometricInformation),
        .init(
            [1, 2, 840, 113549, 1, 9, 15], "smimeCapabilities", "RFC 4262, section 2",
            RelatedExtensions.checkMailCapabilities),
        .init(
            [1, 3, 6, 1, 5, 5, 7, 1, 26], "TNAuthorizationList", "RFC 8226, section 9",
            RelatedExtensions.checkTelephoneNumbers),
        .init(
            [1, 3, 6, 1, 5, 5, 7, 1, 31], "acmeIdentifier", "RFC 8737, section 3",
            RelatedExtensions.checkACMEIdentifier),
        .init(
            [1, 3, 6, 1, 4, 1, 44363, 44], "delegationUsage", "RFC 9345, section 4.2",
            BasicExtensionSyntax.checkNull),
        .init(
            [2, 5, 29, 20], "cRLNumber", "RFC 5280, section 5.2.3", RevocationExtensions.checkNumber),
        .init(
            [2, 5, 29, 27], "deltaCRLIndicator", "RFC 5280, section 5.2.4", RevocationExtensions.checkNumber),
        .init(
            [2, 5, 29, 28], "issuingDistributionPoint", "RFC 5280, section 5.2.5",
            RevocationExtensions.checkIssuingDistributionPoint),
        .init(
            [2, 5, 29, 21], "cRLReason", "RFC 5280, section 5.3.1", RevocationExtensions.checkReason),
        value([2, 5, 29, 23], "holdInstructionCode", "RFC 3280, section 5.3.2") {
            reader throws(SyntaxFault) in _ = try reader.objectIdentifier("holdInstruction")
        },
        value([2, 5, 29, 24], "invalidityDate", "RFC 5280, section 5.3.2") { reader throws(SyntaxFault) in
            try reader.generalizedTime(nil)
        },
        .init([2, 5, 29, 29], "certificateIssuer", "RFC 5280, section 5.3.3", checkGeneralNames),
        value([1, 3, 6, 1, 5, 5, 7, 48, 1, 2], "OCSP nonce", "RFC 9654, section 2.1") {
            reader throws(SyntaxFault) in _ = try reader.next(.octetString, nil)
        },
        .init(
            [1, 3, 6, 1, 5, 5, 7, 48, 1, 3], "OCSP CrlID", "RFC 6960, section 4.4.2",
            RevocationExtensions.checkCRLReference),
        .init(
            [1, 3, 6, 1, 5, 5, 7, 48, 1, 4], "OCSP acceptable responses", "RFC 6960, section 4.4.3",
            BasicExtensionSyntax.checkExtendedKeyUsage),
        value([1, 3, 6, 1, 5, 5, 7, 48, 1, 6], "OCSP archive cutoff", "RFC 6960, section 4.4.4") {
            reader throws(SyntaxFault) in try reader.generalizedTime(nil)
        },
        .init(
            [1, 3, 6, 1, 5, 5, 7, 48, 1, 7], "OCSP service locator", "RFC 6960, section 4.4.6",
            RevocationExtensions.checkServiceLocator),
    ]

    /// Netscape Certificate Extensions, 1998
    private static let netscape: [ExtensionSyntax] =
        [
            .init(
                [2, 16, 840, 1, 113730, 1, 1], "netscape-cert-type", "Netscape",
                VendorExtensions.checkNetscapeCertificateType)
        ]
        + [
            (2, "netscape-base-url"), (3, "netscape-revocation-url"), (4, "netscape-ca-revocation-url"),
            (7, "netscape-cert-renewal-url"), (8, "netscape-ca-policy-url"),
            (12, "netscape-ssl-server-name"), (13, "netscape-comment"),
        ].map { arc, name in text([2, 16, 840, 1, 113730, 1, arc], name, "Netscape", .ia5String) }

    private static let microsoft: [ExtensionSyntax] = [
        text([1, 3, 6, 1, 4, 1, 311, 20, 2], "certificate type", "[MS-WCCE], 2.2.2.7.7", .bmpString),
        .init(
            [1, 3, 6, 1, 4, 1, 311, 21, 7], "certificate template", "[MS-WCCE], 2.2.2.7.7",
            MicrosoftExtensions.checkTemplate),
        value([1, 3, 6, 1, 4, 1, 311, 21, 1], "CA version", "[MS-WCCE]") {
            reader throws(SyntaxFault) in _ = try reader.integer("version")
        },
        value([1, 3, 6, 1, 4, 1, 311, 21, 2], "previous CA certificate hash", "[MS-WCCE]") {
            reader throws(SyntaxFault) in _ = try reader.next(.octetString, nil)
        },
        .init([1, 3, 6, 1, 4, 1, 311, 21, 10], "application policies", "[MS-WCCE], 2.2.2.7.7") {
            value throws(SyntaxFault) in _ = try QualifiedPolicies(derEncoded: value)
        },
        .init([1, 3, 6, 1, 4, 1, 311, 21, 11], "application policy mappings", "[MS-WCCE], 2.2.2.7.7") {
            value throws(SyntaxFault) in _ = try PolicyMappings(derEncoded: value)
        },
        .init([1, 3, 6, 1, 4, 1, 311, 21, 12], "application policy constraints", "[MS-WCCE], 2.2.2.7.7") {
            value throws(SyntaxFault) in _ = try PolicyConstraints(derEncoded: value)
        },
        .init(
            [1, 3, 6, 1, 4, 1, 311, 25, 2], "security identifier", "[MS-WCCE], 2.2.2.7.7",
            MicrosoftExtensions.checkSecurityIdentifier),
    ]

    private static let vendors: [ExtensionSyntax] = [
        .init([1, 3, 36, 8, 3, 3], "admission", "Common PKI 2.0", Admissions.check),
        .init([1, 3, 101, 1, 4, 1], "strong extranet", "Thawte", VendorExtensions.checkStrongExtranet),
        .init(
            [1, 2, 840, 113533, 7, 65, 0], "entrustVersInfo", "Entrust", VendorExtensions.checkEntrustVersion),
        text([1, 2, 643, 100, 111], "subjectSignTool", "RFC 9215", .utf8String),
        .init(
            [1, 2, 643, 100, 112], "issuerSignTool", "RFC 9215",
            VendorExtensions.checkIssuerSignTool),
        .init(
            [2, 23, 140, 3, 1], "cabfOrganizationIdentifier", "EV Guidelines, 7.1.2.2",
            VendorExtensions.checkOrganizationIdentifier),
    ]

    private static func text(
        _ identifier: ASN1ObjectIdentifier, _ name: String, _ source: String, _ type: DERTag
    ) -> ExtensionSyntax {
        .init(identifier, name, source) { value throws(SyntaxFault) in
            _ = try DERReader.text(DERReader.single(value, as: type), as: type, "")
        }
    }

    /// One value and nothing around it.
    private static func value(
        _ identifier: ASN1ObjectIdentifier, _ name: String, _ source: String,
        _ body: @escaping @Sendable (inout DERReader) throws(SyntaxFault) -> Void
    ) -> ExtensionSyntax {
        .init(identifier, name, source) { value throws(SyntaxFault) in
            var reader = DERReader(DERElements.Element(tag: 0, encoded: value, contents: value), "")
            try body(&reader)
            try reader.end()
        }
    }
}
