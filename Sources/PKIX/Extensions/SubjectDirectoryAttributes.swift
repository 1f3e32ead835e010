public import SwiftASN1

/// Attributes of the subject (RFC 5280, section 4.2.1.8). The values that RFC 3739, section 3.2.2, defines
/// are checked completely; others must be DER.
public struct SubjectDirectoryAttributes: Sendable {
    public let types: [ASN1ObjectIdentifier]

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        var types: [ASN1ObjectIdentifier] = []
        try reader.forEach(.sequence, "attribute") { parts throws(SyntaxFault) in
            let type = try parts.objectIdentifier("type")
            var values = DERReader(try parts.next(.set, "values"), parts.within("values"))
            // X.501: an attribute has at least one value.
            if values.isAtEnd { throw SyntaxFault(place: values.place, problem: "is empty") }
            var seen = Set<ArraySlice<UInt8>>()
            while !values.isAtEnd {
                let value = try values.any("value")
                try Self.check(type, value, values.within("value"))
                // X.501, section 8.4: the values of an attribute are distinct.
                guard seen.insert(value.encoded).inserted else {
                    throw SyntaxFault(place: values.place, problem: "has a value twice")
                }
            }
            guard seen.count == 1 || !Self.singleValued.contains(type) else {
                throw SyntaxFault(
                    place: values.place, problem: "has \(seen.count) values of \(type), not one")
            }
            guard !types.contains(type) else {
                throw SyntaxFault(place: parts.place, problem: "has the type \(type) for the second time")
            }
            types.append(type)
        }
        self.types = types
    }

    /// RFC 3739, section 3.2.2
    private static let dateOfBirth: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 9, 1]
    private static let placeOfBirth: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 9, 2]
    private static let gender: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 9, 3]
    private static let countryOfCitizenship: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 9, 4]
    private static let countryOfResidence: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 9, 5]
    /// RFC 3739, appendix A: `SINGLE VALUE TRUE`
    private static let singleValued: Set<ASN1ObjectIdentifier> = [dateOfBirth, placeOfBirth, gender]

    private static func check(
        _ type: ASN1ObjectIdentifier, _ value: DERElements.Element, _ place: String
    ) throws(SyntaxFault) {
        switch type {
        case dateOfBirth:
            guard value.tag == DERTag.generalizedTime.rawValue, CertificateParser.civilTime(value) != nil
            else { throw SyntaxFault(place: place, problem: "is not a GeneralizedTime of a moment") }
        case placeOfBirth: try DERReader.checkDirectoryString(value, place)
        case gender:
            // RFC 3739, section 3.2.2: M, F, m or f.
            guard value.tag == DERTag.printableString.rawValue, value.contents.count == 1,
                value.contents.allSatisfy("MFmf".utf8.contains)
            else {
                throw SyntaxFault(place: place, problem: "is not a PrintableString of one character, M or F")
            }
        case countryOfCitizenship, countryOfResidence:
            // ISO 3166: two letters.
            guard value.tag == DERTag.printableString.rawValue, value.contents.count == 2,
                value.contents.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) })
            else { throw SyntaxFault(place: place, problem: "is not a PrintableString of two letters") }
        default:
            guard (try? DER.parse(value.encoded)) != nil else {
                throw SyntaxFault(place: place, problem: "is not DER")
            }
        }
    }
}
