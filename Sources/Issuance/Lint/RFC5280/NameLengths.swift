internal import SwiftASN1
internal import X509

extension LintRule {
    static let nameLengths = LintRule("RFC 5280, appendix A.1", "subject") { subject in
        for name in subject.certificate.subject {
            for attribute in name {
                guard let limit = upperBounds[attribute.type] else { continue }
                // RFC 5280, section 4.1.2.4: new names are PrintableString or UTF8String.
                guard let text = String(attribute.value) else {
                    return "has an attribute \(attribute.type) that is neither UTF8String nor PrintableString"
                }
                if text.isEmpty { return "has an empty attribute \(attribute.type)" }
                if text.unicodeScalars.count > limit {
                    return "has an attribute \(attribute.type) of more than \(limit) characters"
                }
                if attribute.type == .RDNAttributeType.countryName, text.unicodeScalars.count != 2 {
                    return "has a countryName that is not two letters"
                }
            }
        }
        return nil
    }

    // RFC 5280, appendix A.1: ub-common-name, ub-locality-name, ub-state-name, ub-organization-name,
    // ub-organizational-unit-name, ub-serial-number, and two letters for a country.
    private static let upperBounds: [ASN1ObjectIdentifier: Int] = [
        .RDNAttributeType.commonName: 64, .RDNAttributeType.localityName: 128,
        .RDNAttributeType.stateOrProvinceName: 128, .RDNAttributeType.organizationName: 64,
        .RDNAttributeType.organizationalUnitName: 64, .RDNAttributeType.countryName: 2, [2, 5, 4, 5]: 64,
    ]
}
