internal import PKIX

extension NameRule {
    static let types = NameRule(source: "RFC 5280, appendix A.1") { name, isEstablished in
        for attributes in name.relativeNames {
            for attribute in attributes {
                // Another rule reports values that are not strings.
                guard let string = attribute.string else { continue }
                if let expected = expected(attribute, string, isEstablished) {
                    return
                        "has the attribute \(attribute.typeName) as a \(string.name) that is not \(expected)"
                }
            }
        }
        return nil
    }

    private static func expected(
        _ attribute: EncodedName.Attribute, _ string: CharacterString, _ isEstablished: Bool
    ) -> String? {
        switch AttributeSyntax(of: attribute.type).strings {
        case .only(let type): string == type ? nil : "a\(type == .ia5String ? "n" : "") \(type.name)"
        // RFC 5280, section 4.1.2.4: new names are PrintableString or UTF8String.
        case .directoryString:
            isDirectoryString(string, isEstablished)
                ? nil : "a UTF8String or PrintableString"
        case .pkcs9String:
            string == .ia5String || isDirectoryString(string, isEstablished)
                ? nil : "a UTF8String, PrintableString or IA5String"
        // Some readers read a TeletexString as Latin-1, and others as T.61.
        case .any: string == .teletexString && !isEstablished ? "a string that all read alike" : nil
        }
    }

    private static func isDirectoryString(_ string: CharacterString, _ isEstablished: Bool) -> Bool {
        switch string {
        case .utf8String, .printableString: true
        case .teletexString, .bmpString, .universalString: isEstablished
        case .numericString, .ia5String, .visibleString, .generalString: false
        }
    }
}
