internal import SwiftASN1

/// Statements of qualified certificates (RFC 3739, section 3.2.6; ETSI EN 319 412-5, section 4).
public enum QCStatements {
    /// Throws when the value of the extension is not a QCStatements.
    public static func check(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        try reader.forEach(.sequence, "statement") { parts throws(SyntaxFault) in
            let identifier = try parts.objectIdentifier("statementId")
            if parts.isAtEnd {
                try checkPresence(identifier, parts.place)
            } else {
                try checkInfo(identifier, try parts.any("statementInfo"), parts.within("statementInfo"))
            }
        }
    }

    /// ETSI EN 319 412-5, sections 4.2.2 and 4.2.3; 4.2.1 and 4.2.2 have no statementInfo.
    private static let withoutInfo: Set<ASN1ObjectIdentifier> = [
        [0, 4, 0, 1862, 1, 1], [0, 4, 0, 1862, 1, 4],
    ]
    private static let limitValue: ASN1ObjectIdentifier = [0, 4, 0, 1862, 1, 2]
    private static let retentionPeriod: ASN1ObjectIdentifier = [0, 4, 0, 1862, 1, 3]
    static let disclosure: ASN1ObjectIdentifier = [0, 4, 0, 1862, 1, 5]
    private static let certificateType: ASN1ObjectIdentifier = [0, 4, 0, 1862, 1, 6]
    private static let legislation: ASN1ObjectIdentifier = [0, 4, 0, 1862, 1, 7]

    /// etsi-psd2-qcStatement (ETSI TS 119 495, section 5.1)
    private static let paymentServices: ASN1ObjectIdentifier = [0, 4, 0, 19495, 2]
    /// id-qcs-pkixQCSyntax-v1 and v2, whose statementInfo is SemanticsInformation (RFC 3739, section
    /// 3.2.6.1).
    static let semantics: Set<ASN1ObjectIdentifier> = [
        [1, 3, 6, 1, 5, 5, 7, 11, 1], [1, 3, 6, 1, 5, 5, 7, 11, 2],
    ]

    private static func isLetter(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet | 0x20)
    }

    private static func checkPresence(
        _ identifier: ASN1ObjectIdentifier, _ place: String
    ) throws(SyntaxFault) {
        if [limitValue, retentionPeriod, disclosure, certificateType, legislation, paymentServices]
            .contains(identifier)
        {
            throw SyntaxFault(place: place, problem: "(\(identifier)) has no statementInfo")
        }
    }

    private static func checkInfo(
        _ identifier: ASN1ObjectIdentifier, _ info: DERElements.Element, _ place: String
    ) throws(SyntaxFault) {
        if withoutInfo.contains(identifier) {
            throw SyntaxFault(place: place, problem: "stands where \(identifier) has none")
        }
        switch identifier {
        case limitValue:
            var parts = try DERReader(info.encoded, as: .sequence, place)
            let currency = try parts.any("currency")
            // ETSI EN 319 412-5, section 4.3.2: the three letters of ISO 4217, or the currency's number.
            let isLetters =
                currency.tag == DERTag.printableString.rawValue && currency.contents.count == 3
                && currency.contents.allSatisfy(Self.isLetter)
            let isNumber =
                currency.tag == DERTag.integer.rawValue
                && (1...999).contains(
                    (try? DERReader.nonNegativeInteger(currency.contents, "")) ?? 0)
            guard isLetters || isNumber else {
                throw SyntaxFault(place: parts.within("currency"), problem: "is not a currency of ISO 4217")
            }
            _ = try parts.next(.integer, "amount")
            _ = try parts.next(.integer, "exponent")
            try parts.end()
        case retentionPeriod:
            guard info.tag == DERTag.integer.rawValue else {
                throw SyntaxFault(place: place, problem: "is not an INTEGER")
            }
            _ = try DERReader.nonNegativeInteger(info.contents, place)
        case disclosure:
            var locations = try DERReader(info.encoded, as: .sequence, place)
            try locations.forEach(.sequence, "location") { parts throws(SyntaxFault) in
                let url = try parts.next(.ia5String, "url")
                let text = try DERReader.text(url, as: .ia5String, parts.within("url"))
                guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                    throw SyntaxFault(place: parts.within("url"), problem: "is not a URL")
                }
                let language = try parts.next(.printableString, "language")
                // ISO 639-1: two letters.
                guard language.contents.count == 2, language.contents.allSatisfy(Self.isLetter) else {
                    throw SyntaxFault(place: parts.within("language"), problem: "is not two letters")
                }
            }
        case certificateType:
            var types = try DERReader(info.encoded, as: .sequence, place)
            if types.isAtEnd { throw SyntaxFault(place: place, problem: "is empty") }
            while !types.isAtEnd { _ = try types.objectIdentifier("type") }
        case legislation:
            var countries = try DERReader(info.encoded, as: .sequence, place)
            if countries.isAtEnd { throw SyntaxFault(place: place, problem: "is empty") }
            while !countries.isAtEnd {
                let country = try countries.next(.printableString, "country").contents
                guard country.count == 2, country.allSatisfy(Self.isLetter) else {
                    throw SyntaxFault(place: countries.within("country"), problem: "is not two letters")
                }
            }
        case _ where semantics.contains(identifier):
            var parts = try DERReader(info.encoded, as: .sequence, place)
            try checkSemantics(&parts)
        case paymentServices:
            var parts = try DERReader(info.encoded, as: .sequence, place)
            try checkPaymentServices(&parts)
        default:
            guard (try? DER.parse(info.encoded)) != nil else {
                throw SyntaxFault(place: place, problem: "is not DER")
            }
        }
    }
}

extension QCStatements {
    /// SemanticsInformation (RFC 3739, section 3.2.6.1): `SEQUENCE { semanticsIdentifier OBJECT IDENTIFIER
    /// OPTIONAL, nameRegistrationAuthorities SEQUENCE SIZE (1..MAX) OF GeneralName OPTIONAL }`, with one of
    /// them at least.
    private static func checkSemantics(_ parts: inout DERReader) throws(SyntaxFault) {
        if parts.isAtEnd { throw SyntaxFault(place: parts.place, problem: "is empty") }
        if parts.nextTag == .objectIdentifier { _ = try parts.objectIdentifier("semanticsIdentifier") }
        if !parts.isAtEnd {
            let name = "nameRegistrationAuthorities"
            _ = try DERReader.generalNames(parts.next(.sequence, name), parts.within(name))
        }
        try parts.end()
    }

    /// PSD2QcType (ETSI TS 119 495, annex A): `SEQUENCE { rolesOfPSP, nCAName, nCAId }`
    private static func checkPaymentServices(_ parts: inout DERReader) throws(SyntaxFault) {
        var roles = DERReader(try parts.next(.sequence, "rolesOfPSP"), parts.within("rolesOfPSP"))
        try roles.forEach(.sequence, "role") { role throws(SyntaxFault) in
            _ = try role.objectIdentifier("roleOfPspOid")
            try checkName("roleOfPspName", in: &role)
        }
        try checkName("nCAName", in: &parts)
        try checkName("nCAId", in: &parts)
        try parts.end()
    }

    /// `UTF8String (SIZE (1..256))`
    private static func checkName(_ name: String, in parts: inout DERReader) throws(SyntaxFault) {
        guard (1...256).contains(try parts.string(.utf8String, name).unicodeScalars.count) else {
            throw SyntaxFault(place: parts.within(name), problem: "is not 1 to 256 characters")
        }
    }
}
