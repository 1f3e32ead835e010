internal import PKIX

extension NameRule {
    static let structure = NameRule(source: "RFC 5280, appendix A.1") { name, _ in
        for (index, attributes) in name.relativeNames.enumerated() {
            let place = "relative distinguished name \(index + 1) of \(name.relativeNames.count)"
            // RFC 5280, appendix A.1: RelativeDistinguishedName is a SET SIZE (1..MAX).
            guard !attributes.isEmpty else { return "has no attribute in \(place)" }
            // X.501, section 9.3: the attributes of a set have different types. Most sets have one attribute.
            guard attributes.count > 1 else { continue }
            for (index, attribute) in attributes.enumerated()
            where attributes[..<index].contains(where: { $0.type == attribute.type }) {
                return "has the attribute \(attribute.typeName) twice in \(place)"
            }
        }
        return nil
    }
}
