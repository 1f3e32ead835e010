internal import PKIX

extension NameRule {
    static let lengths = NameRule(source: "RFC 5280, appendix A.1") { name, _ in
        for attributes in name.relativeNames {
            for attribute in attributes {
                guard let string = attribute.string else { continue }
                // RFC 5280, appendix A.1: SIZE (1..ub), in characters.
                let count = string.read(attribute.contents).characters
                if count == 0 { return "has an empty attribute \(attribute.typeName)" }
                let syntax = AttributeSyntax(of: attribute.type)
                if let limit = syntax.upperBound, count > limit {
                    return "has an attribute \(attribute.typeName) of more than \(limit) characters"
                }
                // ISO 3166: two letters.
                if syntax.isCountry, count != 2 || !attribute.contents.allSatisfy(isLetter) {
                    return "has an attribute \(attribute.typeName) that is not two letters"
                }
            }
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
