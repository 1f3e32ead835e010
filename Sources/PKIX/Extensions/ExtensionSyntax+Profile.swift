internal import SwiftASN1
internal import X509

extension ExtensionSyntax {
    /// The extensions of RFC 5280. Each has its own lint rule too.
    static let profile: [ExtensionSyntax] = [
        .init(.X509ExtensionID.authorityKeyIdentifier, "authorityKeyIdentifier", "RFC 5280, section 4.2.1.1")
        {
            value throws(SyntaxFault) in _ = try AuthorityKeyReference(derEncoded: value)
        },
        .init(.X509ExtensionID.subjectKeyIdentifier, "subjectKeyIdentifier", "RFC 5280, section 4.2.1.2") {
            value throws(SyntaxFault) in _ = try BasicExtensionSyntax.subjectKeyIdentifier(value)
        },
        .init(
            .X509ExtensionID.keyUsage, "keyUsage", "RFC 5280, section 4.2.1.3",
            BasicExtensionSyntax.checkKeyUsage),
        .init(.X509ExtensionID.certificatePolicies, "certificatePolicies", "RFC 5280, section 4.2.1.4") {
            value throws(SyntaxFault) in _ = try QualifiedPolicies(derEncoded: value)
        },
        .init(.X509ExtensionID.policyMappings, "policyMappings", "RFC 5280, section 4.2.1.5") {
            value throws(SyntaxFault) in _ = try PolicyMappings(derEncoded: value)
        },
        .init(
            .X509ExtensionID.subjectAlternativeName, "subjectAltName", "RFC 5280, section 4.2.1.6",
            checkGeneralNames),
        .init(
            .X509ExtensionID.issuerAlternativeName, "issuerAltName", "RFC 5280, section 4.2.1.7",
            checkGeneralNames),
        .init(
            .X509ExtensionID.subjectDirectoryAttributes, "subjectDirectoryAttributes",
            "RFC 5280, section 4.2.1.8"
        ) { value throws(SyntaxFault) in _ = try SubjectDirectoryAttributes(derEncoded: value) },
        .init(
            .X509ExtensionID.basicConstraints, "basicConstraints", "RFC 5280, section 4.2.1.9",
            BasicExtensionSyntax.checkBasicConstraints),
        .init(
            .X509ExtensionID.nameConstraints, "nameConstraints", "RFC 5280, section 4.2.1.10",
            checkNameConstraints),
        .init(.X509ExtensionID.policyConstraints, "policyConstraints", "RFC 5280, section 4.2.1.11") {
            value throws(SyntaxFault) in _ = try PolicyConstraints(derEncoded: value)
        },
        .init(
            .X509ExtensionID.extendedKeyUsage, "extKeyUsage", "RFC 5280, section 4.2.1.12",
            BasicExtensionSyntax.checkExtendedKeyUsage),
        .init(
            .X509ExtensionID.cRLDistributionPoints, "cRLDistributionPoints", "RFC 5280, section 4.2.1.13"
        ) { value throws(SyntaxFault) in _ = try DistributionPoints(derEncoded: value) },
        .init(.X509ExtensionID.inhibitAnyPolicy, "inhibitAnyPolicy", "RFC 5280, section 4.2.1.14") {
            value throws(SyntaxFault) in _ = try InhibitAnyPolicy.skipCerts(derEncoded: value)
        },
        .init(.X509ExtensionID.freshestCRL, "freshestCRL", "RFC 5280, section 4.2.1.15") {
            value throws(SyntaxFault) in _ = try DistributionPoints(derEncoded: value)
        },
        .init(.X509ExtensionID.authorityInformationAccess, "authorityInfoAccess", "RFC 5280, section 4.2.2.1")
        {
            value throws(SyntaxFault) in _ = try AccessDescriptions(derEncoded: value)
        },
        .init(.X509ExtensionID.subjectInformationAccess, "subjectInfoAccess", "RFC 5280, section 4.2.2.2") {
            value throws(SyntaxFault) in _ = try AccessDescriptions(derEncoded: value)
        },
        .init(
            .X509ExtensionID.privateKeyUsagePeriod, "privateKeyUsagePeriod", "RFC 5280, appendix A.2",
            PrivateKeyUsagePeriod.check),
    ]

    /// Throws when the value is not a `GeneralNames` (RFC 5280, section 4.2.1.6).
    public static func checkGeneralNames(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        _ = try DERReader.generalNames(DERReader.single(value, as: .sequence), "")
    }

    private static func checkNameConstraints(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        for (tag, name) in [(UInt8(0), "permittedSubtrees"), (1, "excludedSubtrees")] {
            guard let subtrees = try reader.implicit(tag, .sequence, name) else { continue }
            var list = DERReader(subtrees, name)
            try list.forEach(.sequence, "subtree") { subtree throws(SyntaxFault) in
                _ = try subtree.generalName("base")
                // RFC 5280, section 4.2.1.10: minimum is zero, the DEFAULT, and maximum absent.
                if try subtree.optional(.context(0), "minimum") != nil {
                    throw SyntaxFault(
                        place: subtree.within("minimum"),
                        problem: "stands there, and must be its DEFAULT of zero")
                }
                if try subtree.optional(.context(1), "maximum") != nil {
                    throw SyntaxFault(place: subtree.within("maximum"), problem: "must not be there")
                }
            }
        }
        try reader.end()
    }
}
