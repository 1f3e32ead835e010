internal import SwiftASN1
public import X509

extension DERReader {
    /// The names in the contents of `GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName` (RFC 5280,
    /// section 4.2.1.6).
    public static func generalNames(
        _ element: DERElements.Element, _ place: String
    ) throws(SyntaxFault) -> [GeneralName] {
        var names = DERReader(element, place)
        if names.isAtEnd { throw SyntaxFault(place: place, problem: "is empty") }
        var list: [GeneralName] = []
        while !names.isAtEnd { list.append(try names.generalName("[\(list.count + 1)]")) }
        return list
    }

    /// The next name, with the values in it checked.
    public mutating func generalName(_ name: String) throws(SyntaxFault) -> GeneralName {
        let place = name.hasPrefix("[") ? self.place + name : within(name)
        let element = try any(name)
        try Self.requireReadableForm(element.tag, place)
        let parsed: GeneralName
        do { parsed = try GeneralName(derEncoded: DER.parse(element.encoded)) } catch {
            throw SyntaxFault(place: place, problem: "is not a GeneralName")
        }
        if let type = Self.implicitType(ofName: element.tag) {
            _ = try Self.universal(element, as: type, place)
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
        default: break
        }
        return parsed
    }

    /// The universal type of a name with an IMPLICIT tag (RFC 5280, section 4.2.1.6); nil where the tag is
    /// explicit.
    private static func implicitType(ofName tag: UInt8) -> DERTag? {
        switch DERTag(rawValue: tag) {
        // rfc822Name, dNSName and uniformResourceIdentifier
        case .context(1), .context(2), .context(6): .ia5String
        // iPAddress
        case .context(7): .octetString
        // registeredID
        case .context(8): .objectIdentifier
        default: nil
        }
    }

    /// Throws for the two forms that other readers refuse. GnuTLS does not import a certificate with one of
    /// them, and pyca/cryptography does not parse its extension.
    private static func requireReadableForm(_ tag: UInt8, _ place: String) throws(SyntaxFault) {
        let name: String
        switch tag & ~GeneralNameElements.constructed {
        case GeneralNameElements.x400Address & ~GeneralNameElements.constructed:
            name = "an x400Address (ORAddress)"
        case GeneralNameElements.ediPartyName & ~GeneralNameElements.constructed: name = "an ediPartyName"
        default: return
        }
        throw SyntaxFault(place: place, problem: "is \(name), which other readers do not take")
    }

    /// Throws if the text is not a DirectoryString (RFC 5280, section 4.1.2.4).
    static func checkDirectoryString(_ text: DERElements.Element, _ place: String) throws(SyntaxFault) {
        switch CharacterString(rawValue: text.tag) {
        case .teletexString, .printableString, .universalString, .utf8String, .bmpString:
            _ = try Self.text(text, as: DERTag(rawValue: text.tag), place)
        default: throw SyntaxFault(place: place, problem: "is not a DirectoryString")
        }
    }
}
