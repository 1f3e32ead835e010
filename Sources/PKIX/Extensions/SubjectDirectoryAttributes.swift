public import SwiftASN1

/// Attributes of the subject beside its name (RFC 5280, section 4.2.1.8). Values of RFC 3739, section 3.2.2, are read down
/// to their leaves; others must be DER.
public struct SubjectDirectoryAttributes: Sendable {
    public let types: [ASN1ObjectIdentifier]

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        var types: [ASN1ObjectIdentifier] = []
        try reader.forEach(.sequence, "attribute") { parts throws(SyntaxFault) in
            let type = try parts.objectIdentifier("type")
            var values = DERReader(try parts.next(.set, "values"), parts.within("values"))
            // X.501: an attribute has one value at least.
            if values.isAtEnd { throw SyntaxFault(place: values.place, problem: "is empty") }
            while !values.isAtEnd { try Self.check(type, try values.any("value"), values.within("value")) }
            types.append(type)
        }
        self.types = types
    }

    private static func check(
        _ type: ASN1ObjectIdentifier, _ value: DERElements.Element, _ place: String
    ) throws(SyntaxFault) {
        switch type {
        // RFC 3739, section 3.2.2: dateOfBirth
        case [1, 3, 6, 1, 5, 5, 7, 9, 1]:
            guard value.tag == DERTag.generalizedTime.rawValue, CertificateParser.civilTime(value) != nil
            else { throw SyntaxFault(place: place, problem: "is not a GeneralizedTime of a moment") }
        // gender, countryOfCitizenship and countryOfResidence: PrintableStrings of 1 and 2 characters
        case [1, 3, 6, 1, 5, 5, 7, 9, 3], [1, 3, 6, 1, 5, 5, 7, 9, 4], [1, 3, 6, 1, 5, 5, 7, 9, 5]:
            let isGender = type == [1, 3, 6, 1, 5, 5, 7, 9, 3]
            guard value.tag == DERTag.printableString.rawValue, value.contents.count == (isGender ? 1 : 2),
                CharacterString.printableString.read(value.contents).misfit == nil
            else {
                throw SyntaxFault(
                    place: place, problem: "is not a PrintableString of \(isGender ? "one character" : "two")"
                )
            }
        default:
            guard (try? DER.parse(value.encoded)) != nil else {
                throw SyntaxFault(place: place, problem: "is not DER")
            }
        }
    }
}
