internal import PKIX
internal import SwiftASN1
internal import X509

extension LintRule {
    static let extensionEncoding = LintRule("RFC 5280, section 4.1", "extensions") { subject in
        // RFC 5280, section 4.1.2.9: extnValue holds the DER of a value.
        for entry in subject.certificate.extensions
        where !parsedElsewhere.contains(entry.oid) && (try? DER.parse(entry.value)) == nil {
            return "hold \(entry.oid), whose value is not DER"
        }
        return nil
    }

    /// Rules of their own parse these.
    private static let parsedElsewhere: Set<ASN1ObjectIdentifier> = [
        .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
        .X509ExtensionID.subjectAlternativeName, .X509ExtensionID.authorityKeyIdentifier,
        .X509ExtensionID.subjectKeyIdentifier, .X509ExtensionID.nameConstraints,
        .X509ExtensionID.certificatePolicies, .X509ExtensionID.cRLDistributionPoints,
        .X509ExtensionID.authorityInformationAccess,
    ]
}
