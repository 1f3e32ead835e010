internal import PKIX

extension NameRule {
    static let characters = NameRule(source: "RFC 5280, section 7.1") { name, _ in
        for attributes in name.relativeNames {
            for attribute in attributes {
                if let text = attribute.string?.text(attribute.contents), !text.isEmpty,
                    text.unicodeScalars.allSatisfy(\.properties.isWhitespace)  // octets: of scalars
                {
                    return "has the attribute \(attribute.typeName) with nothing but blanks"
                }
                // RFC 4518, sections 2.2 and 2.4: the preparation of names by RFC 5280, section 7.1.
                if let hidden = attribute.string?.read(attribute.contents).hidden {
                    return
                        "has the attribute \(attribute.typeName) with the character \(hidden.codePoint), which no name may hold"
                }
            }
        }
        return nil
    }
}

extension Unicode.Scalar {
    /// Such as `U+0007`.
    var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+\(String(repeating: "0", count: max(0, 4 - digits.utf8.count)))\(digits)"
    }
}
