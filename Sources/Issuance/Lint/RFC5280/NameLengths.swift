internal import SwiftASN1
internal import X509

extension LintRule {
    static let nameLengths = LintRule("RFC 5280, appendix A.1", "subject") { subject in
        for name in subject.certificate.subject {
            for attribute in name {
                guard let limit = upperBounds[attribute.type], let text = String(attribute.value) else {
                    continue
                }
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
