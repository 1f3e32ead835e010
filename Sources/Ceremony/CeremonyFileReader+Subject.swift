internal import Issuance
internal import PKIX
internal import StrictYAML
internal import X509

extension CeremonyFileReader {
    private static var attributes: [(String, WritableKeyPath<SubjectAttributes, String?>)] {
        [
            ("common-name", \.commonName), ("organization", \.organization),
            ("organizational-unit", \.organizationalUnit), ("country", \.country), ("state", \.state),
            ("locality", \.locality), ("serial-number", \.serialNumber),
            ("distinguished-name-qualifier", \.distinguishedNameQualifier),
        ]
    }

    func subject(_ entry: StrictMapping) -> SubjectAttributes? {
        guard let mapping = entry.mapping("subject", known: Self.attributes.map(\.0)) else { return nil }
        var subject = SubjectAttributes()
        var isWhole = true
        for (name, member) in Self.attributes where mapping.has(name) {
            let text = mapping.text(name)
            subject[keyPath: member] = text
            // An empty attribute would be silently left out of the name.
            if let text, text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
                mapping.fault("`\(mapping.name(name))` is empty; leave it out, or give it a value", at: name)
                isWhole = false
            }
        }
        guard isWhole else { return nil }
        do {
            let name = try subject.distinguishedName()
            guard !name.hasNoAttribute else {
                entry.fault("the subject of an authority must not be empty", at: "subject")
                return nil
            }
            if let problem = NameLint.problem(in: name) {
                entry.fault("the subject \(problem)", at: "subject")
                return nil
            }
        } catch {
            entry.fault("the subject cannot be encoded: \(parseReason(error))", at: "subject")
            return nil
        }
        return subject
    }
}

/// RFC 5280, section 7.1, for names in a ceremony: ASCII letters without regard to case, any number of blanks
/// as one, and whatever string type a value is in.
enum NameComparison {
    static func isSame(_ one: DistinguishedName, _ other: DistinguishedName) -> Bool {
        one.count == other.count && zip(one, other).allSatisfy { Set($0.map(key)) == Set($1.map(key)) }
    }

    private static func key(_ attribute: RelativeDistinguishedName.Attribute) -> [UInt8] {
        let type = Array("\(attribute.type.dotted)=".utf8)
        guard let text = String(attribute.value) else { return type + Array("\(attribute.value)".utf8) }
        let words = text.utf8.split { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return type
            + words.joined(separator: [0x20]).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }
}
