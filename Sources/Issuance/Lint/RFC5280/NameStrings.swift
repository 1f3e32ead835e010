internal import PKIX

extension NameRule {
    static let strings = NameRule(source: "RFC 5280, section 4.1.2.4") { name, _ in
        for attributes in name.relativeNames {
            for attribute in attributes {
                // OpenSSL rejects a certificate whose name has a value of another type.
                guard let string = attribute.string, isOfNames(string) else {
                    return "has the attribute \(attribute.typeName) with a value that is no string of names"
                }
                // X.680, section 41: the octets of a string must fit its type.
                if let octet = string.read(attribute.contents).misfit {
                    return
                        "has the attribute \(attribute.typeName) as a \(string.name) that is none at its octet \(octet)"
                }
            }
        }
        return nil
    }

    /// The string types that readers support in names (X.520; OpenSSL, `ASN1_PRINTABLE`).
    private static func isOfNames(_ string: CharacterString) -> Bool {
        switch string {
        case .utf8String, .printableString, .ia5String, .numericString, .teletexString, .bmpString,
            .universalString:
            true
        case .visibleString, .generalString: false
        }
    }
}
