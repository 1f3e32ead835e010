internal import SwiftASN1
internal import X509

extension LintRule {
    static let nameStrings = LintRule("RFC 5280, appendix A.1", "subject") { subject in
        for attribute in subject.certificate.subject.flatMap({ Array($0) }) {
            switch attribute.type {
            // RFC 5280, appendix A.1: countryName, serialNumber and dnQualifier are PrintableString …
            case .RDNAttributeType.countryName, .serialNumberAttribute, .dnQualifierAttribute:
                if attribute.value.kind != .printableString {
                    return "has an attribute \(attribute.type) that is not a PrintableString"
                }
            // … emailAddress and domainComponent IA5String.
            case .RDNAttributeType.emailAddress, .RDNAttributeType.domainComponent:
                if attribute.value.kind != .ia5String {
                    return "has an attribute \(attribute.type) that is not an IA5String"
                }
            default: break
            }
        }
        return nil
    }
}

extension ASN1ObjectIdentifier {
    /// X.520, sections 6.2.9 and 6.2.8
    fileprivate static let serialNumberAttribute: ASN1ObjectIdentifier = [2, 5, 4, 5]
    fileprivate static let dnQualifierAttribute: ASN1ObjectIdentifier = [2, 5, 4, 46]
}

extension RelativeDistinguishedName.Attribute.Value {
    fileprivate var kind: ASN1Identifier? {
        var serializer = DER.Serializer()
        guard (try? serializer.serialize(ASN1Any(self))) != nil else { return nil }
        return (try? DER.parse(serializer.serializedBytes))?.identifier
    }
}
