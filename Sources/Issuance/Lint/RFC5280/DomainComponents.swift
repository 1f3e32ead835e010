internal import PKIX

extension NameRule {
    static let domainComponents = NameRule(source: "RFC 5280, section 4.1.2.4") { name, _ in
        var length = 0
        for attributes in name.relativeNames {
            for attribute in attributes where attribute.type.elementsEqual(domainComponent) {
                // RFC 4519, section 2.4, and RFC 2247, section 4: each is one label of a domain name.
                let label = String(decoding: attribute.contents, as: UTF8.self)
                guard NameSyntax.isLabel(label.utf8[...]) else {
                    return "has the attribute \(attribute.typeName) that is no label of a domain name"
                }
                if let problem = NameSyntax.aLabelProblem(label) {
                    return "has the attribute \(attribute.typeName) that \(problem)"
                }
                length += label.utf8.count + 1
            }
        }
        // RFC 1034, section 3.1: 255 octets, including a length before each label and the root's at the end.
        return length > 254 ? "has domain components that are longer than a domain name" : nil
    }

    /// 0.9.2342.19200300.100.1.25
    private static let domainComponent: [UInt8] = [
        0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19,
    ]
}
