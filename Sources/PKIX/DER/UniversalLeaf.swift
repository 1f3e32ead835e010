/// Rules of X.690 for universal types that parsers need not check, for extensions that are signed unchanged.
enum UniversalLeaf {
    /// The fault in the identifier or the contents of an element, as a sentence. Nil when there is none, or
    /// when the type is not universal.
    static func problem(_ element: DERElements.Element) -> String? {
        // X.690, section 8.1.2.2: the two high bits are the class.
        guard element.tag & 0xC0 == 0 else { return nil }
        switch element.tag {
        case 0x00: return "the end-of-contents octets stand where a value must be (X.690, section 8.1.5)"
        case 0x0F: return "a tag is reserved (X.680, table 1)"
        case DERTag.sequence.rawValue, DERTag.set.rawValue: return nil
        case DERTag.boolean.rawValue, DERTag.integer.rawValue, DERTag.bitString.rawValue,
            DERTag.octetString.rawValue, DERTag.null.rawValue, DERTag.objectIdentifier.rawValue,
            DERTag.sequence.rawValue & ~0x20, DERTag.set.rawValue & ~0x20:
            return nil
        case let tag where unread[tag & ~0x20] != nil:
            return "a type is not read here: \(unread[tag & ~0x20] ?? "")"
        case let tag where tag & 0x20 != 0:
            return "\(DERTag.description(tag & ~0x20)) is constructed (X.690, section 10.2)"
        case DERTag.enumerated.rawValue:
            // X.690, section 8.4: as an INTEGER.
            let integer = DERElements.Element(
                tag: DERTag.integer.rawValue, encoded: element.encoded, contents: element.contents)
            return DERDiagnosis.primitiveProblem(integer).map { _ in
                "an ENUMERATED is empty or not in the least number of octets (X.690, section 8.4)"
            }
        case relativeOID:
            return DERLeaves.objectIdentifierProblem(element.contents).map { _ in
                "a RELATIVE-OID is malformed or too long (X.690, section 8.20)"
            }
        case DERTag.utcTime.rawValue, DERTag.generalizedTime.rawValue:
            return isTime(element)
                ? nil
                : "\(DERTag.description(element.tag)) is no moment in DER (X.690, sections 11.7 and 11.8)"
        default:
            // A type without a rule is refused, because its value cannot be shown to be DER.
            guard let type = CharacterString(rawValue: element.tag) else {
                return "a type is not read here: \(DERTag.description(element.tag))"
            }
            guard let misfit = type.read(element.contents).misfit else { return nil }
            return "octet \(misfit) does not fit \(DERTag.description(element.tag))"
        }
    }

    /// Universal types that do not occur in extensions of certificates (X.680, table 1), by tag.
    private static let unread: [UInt8: String] = [
        0x07: "ObjectDescriptor", 0x08: "EXTERNAL", 0x09: "REAL", 0x0B: "EMBEDDED PDV", 0x0E: "TIME",
        0x15: "VideotexString", 0x19: "GraphicString", 0x1D: "CHARACTER STRING",
    ]
    private static let relativeOID: UInt8 = 0x0D

    /// Whether it is `YYMMDDhhmmssZ`, or `YYYYMMDDhhmmss`, an optional fraction without a final zero, and
    /// `Z`.
    private static func isTime(_ element: DERElements.Element) -> Bool {
        let isUTC = element.tag == DERTag.utcTime.rawValue
        guard element.contents.last == UInt8(ascii: "Z") else { return false }
        var parts = element.contents.dropLast().split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2 {
            let fraction = parts.removeLast()
            guard !isUTC, !fraction.isEmpty, fraction.last != UInt8(ascii: "0"),
                fraction.allSatisfy(isDigit)
            else { return false }
        }
        guard parts[0].count == (isUTC ? 12 : 14), parts[0].allSatisfy(isDigit) else { return false }
        let digits = parts[0].map { Int($0 - UInt8(ascii: "0")) }
        let pairs = stride(from: 0, to: digits.count, by: 2).map { digits[$0] * 10 + digits[$0 + 1] }
        // RFC 5280, section 4.1.2.5.1: the year of a UTCTime from 50 on is in the twentieth century.
        let year = isUTC ? (pairs[0] >= 50 ? 1900 : 2000) + pairs[0] : pairs[0] * 100 + pairs[1]
        let rest = pairs.suffix(5).map { $0 }
        return CivilTime(
            year: year, month: rest[0], day: rest[1], hours: rest[2], minutes: rest[3], seconds: rest[4])
            != nil
    }

    private static func isDigit(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
    }

    /// Whether the components are in the order of a SET (by tag; X.690, section 10.3) or of a SET OF (by
    /// encoding, the shorter padded with zeros; section 11.6).
    static func isSetInOrder(_ components: [DERElements.Element]) -> Bool {
        zip(components, components.dropFirst()).allSatisfy { one, other in
            // The constructed bit is not part of the tag.
            let (tag, next) = (one.tag & ~0x20, other.tag & ~0x20)
            return tag < next || DERDiagnosis.isAscending(one.encoded, other.encoded)
        }
    }
}
