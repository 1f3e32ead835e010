internal import SwiftASN1
public import X509

extension DERReader {
    /// `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName` (RFC 5280, section 4.2.1.6), from its contents.
    public static func generalNames(
        _ element: DERElements.Element, _ place: String
    ) throws(SyntaxFault) -> [GeneralName] {
        var names = DERReader(element, place)
        if names.isAtEnd { throw SyntaxFault(place: place, problem: "is empty") }
        var list: [GeneralName] = []
        while !names.isAtEnd { list.append(try names.generalName("[\(list.count + 1)]")) }
        return list
    }

    /// One name, down to its leaves.
    public mutating func generalName(_ name: String) throws(SyntaxFault) -> GeneralName {
        let place = name.hasPrefix("[") ? self.place + name : within(name)
        let element = try any(name)
        let parsed: GeneralName
        do { parsed = try GeneralName(derEncoded: DER.parse(element.encoded)) } catch {
            throw SyntaxFault(place: place, problem: "is not a GeneralName")
        }
        guard DERLeaves.hasReadableObjectIdentifiers(element.encoded) else {
            throw SyntaxFault(
                place: place,
                problem: "has an object identifier that is malformed, or longer than the "
                    + "\(DERLeaves.longestObjectIdentifier) octets that other readers take")
        }
        switch parsed {
        case .otherName(let other):
            // RFC 5280, section 4.2.1.6: the value of an otherName is not optional.
            if other.value == nil {
                throw SyntaxFault(place: place, problem: "is an otherName without a value")
            }
        case .directoryName:
            guard let relativeNames = NameOctets(element.contents)?.relativeNames else {
                throw SyntaxFault(place: place, problem: "is not a Name")
            }
            // RFC 5280, appendix A.1: RelativeDistinguishedName ::= SET SIZE (1..MAX).
            if relativeNames.contains(where: \.isEmpty) {
                throw SyntaxFault(
                    place: place, problem: "has a relative distinguished name without attributes")
            }
        case .registeredID:
            if let problem = DERLeaves.objectIdentifierProblem(element.contents) {
                throw SyntaxFault(place: place, problem: "is no registeredID: \(problem)")
            }
        case .ediPartyName: try Self.checkPartyName(element, place)
        case .x400Address:
            // RFC 5280, appendix A.1: ORAddress is a SEQUENCE that begins with another, behind an implicit tag.
            guard element.tag == DERTag.constructedContext(3).rawValue,
                element.contents.first == DERTag.sequence.rawValue
            else { throw SyntaxFault(place: place, problem: "is not an ORAddress") }
        default: break
        }
        return parsed
    }

    /// `EDIPartyName ::= SEQUENCE { nameAssigner [0] DirectoryString OPTIONAL, partyName [1] DirectoryString }`, whose tags
    /// are explicit, for a DirectoryString is a CHOICE.
    private static func checkPartyName(
        _ element: DERElements.Element, _ place: String
    ) throws(SyntaxFault) {
        var parts = DERReader(element, place)
        if let assigner = try parts.optional(.constructedContext(0), "nameAssigner") {
            try checkTaggedDirectoryString(assigner, "\(place).nameAssigner")
        }
        try checkTaggedDirectoryString(
            try parts.next(.constructedContext(1), "partyName"), "\(place).partyName")
        try parts.end()
    }

    private static func checkTaggedDirectoryString(
        _ tagged: DERElements.Element, _ place: String
    ) throws(SyntaxFault) {
        var parts = DERReader(tagged, place)
        let text = try parts.any(nil)
        try parts.end()
        try checkDirectoryString(text, place)
    }

    /// RFC 5280, section 4.1.2.4: DirectoryString.
    static func checkDirectoryString(_ text: DERElements.Element, _ place: String) throws(SyntaxFault) {
        switch CharacterString(rawValue: text.tag) {
        case .teletexString, .printableString, .universalString, .utf8String, .bmpString:
            _ = try Self.text(text, as: DERTag(rawValue: text.tag), place)
        default: throw SyntaxFault(place: place, problem: "is not a DirectoryString")
        }
    }
}
