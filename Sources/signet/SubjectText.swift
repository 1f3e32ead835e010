internal import PKIX
internal import VisibleText
internal import WireAPI

/// Reads a subject as people write it: `CN=Example Root,O=Example,C=SE`.
enum SubjectText {
    /// RFC 4514: attributes separated by commas; a backslash before a comma, an equals sign or a backslash
    /// keeps it.
    static func parse(_ text: String) throws -> ASN1Subject {
        var subject = ASN1Subject()
        for pair in try pairs(text, separator: ",") {
            let name = pair.name.uppercased()
            guard let member = members[name] else {
                throw CommandFailure(
                    message: "the subject attribute `\(name)` is not known",
                    hint: "known are \(members.keys.sorted().joined(separator: ", "))")
            }
            guard subject[keyPath: member] == nil else {
                throw CommandFailure(message: "the subject has `\(name)` twice", hint: nil)
            }
            subject[keyPath: member] = pair.value
        }
        return subject
    }

    /// The attributes in the order in which they are written, with the names as they are.
    static func pairs(_ text: String, separator: Character) throws -> [(name: String, value: String)] {
        try split(text, at: separator).map { part in
            let pair = split(part, at: "=", most: 2)
            guard pair.count == 2 else {
                throw CommandFailure(
                    message: "`\(part)` in the subject is not `NAME=value`",
                    hint: "write it like CN=Example Root,O=Example,C=SE")
            }
            return (pair[0].trimmed, unescaped(pair[1].trimmed))
        }
    }

    private static var members: [String: WritableKeyPath<ASN1Subject, String?>] {
        [
            "CN": \.commonName, "O": \.organization, "OU": \.organizationalUnit, "C": \.country,
            "ST": \.state,
            "L": \.locality, "SERIALNUMBER": \.serialNumber, "TITLE": \.title, "SN": \.surname,
            "GN": \.givenName,
            "INITIALS": \.initials, "PSEUDONYM": \.pseudonym, "DNQUALIFIER": \.distinguishedNameQualifier,
            "GENERATIONQUALIFIER": \.generationQualifier,
        ]
    }

    private static func split(_ text: String, at separator: Character, most: Int = .max) -> [String] {
        var parts = [""]
        var isEscaped = false
        for character in text {
            if character == separator, !isEscaped, parts.count < most {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return parts
    }

    private static func unescaped(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }

    /// RFC 4514, in reverse: a subject for people.
    static func text(_ subject: ASN1Subject) -> EscapedText {
        let order: [(String, String?)] = [
            ("CN", subject.commonName), ("OU", subject.organizationalUnit), ("O", subject.organization),
            ("L", subject.locality), ("ST", subject.state), ("C", subject.country),
            ("serialNumber", subject.serialNumber), ("dnQualifier", subject.distinguishedNameQualifier),
            ("title", subject.title), ("SN", subject.surname), ("GN", subject.givenName),
            ("initials", subject.initials), ("pseudonym", subject.pseudonym),
            ("generationQualifier", subject.generationQualifier),
        ]
        let standard = order.compactMap { name, value in value.map { (name, $0) } }
        let custom = (subject.customAttributes ?? []).map { ($0.objectIdentifier, $0.value) }
        return (standard + custom).map { name, value -> EscapedText in
            "\(name)=\(AttributeText.visible(value))"
        }.joined(separator: ",")
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
