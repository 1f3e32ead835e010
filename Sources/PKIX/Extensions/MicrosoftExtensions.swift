internal import SwiftASN1

/// Extensions of Windows' certificate services ([MS-WCCE], section 2.2.2.7.7).
enum MicrosoftExtensions {
    /// Certificate template: `SEQUENCE { templateID, templateMajorVersion OPTIONAL, templateMinorVersion
    /// OPTIONAL }`
    static func checkTemplate(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        _ = try reader.objectIdentifier("templateID")
        for name in ["templateMajorVersion", "templateMinorVersion"] where !reader.isAtEnd {
            guard try reader.integer(name) <= UInt32.max else {
                throw SyntaxFault(place: name, problem: "is not a number of 32 bits")
            }
        }
        try reader.end()
    }

    /// The SID of a directory object: GeneralNames of one otherName, whose value is an OCTET STRING.
    static func checkSecurityIdentifier(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        if reader.isAtEnd { throw SyntaxFault(place: "", problem: "is empty") }
        while !reader.isAtEnd {
            var name = DERReader(try reader.next(.constructedContext(0), "otherName"), "otherName")
            // [MS-WCCE], section 2.2.2.7.7.4: szOID_NTDS_OBJECTSID
            guard try name.objectIdentifier("type-id") == [1, 3, 6, 1, 4, 1, 311, 25, 2, 1] else {
                throw SyntaxFault(place: name.within("type-id"), problem: "is not 1.3.6.1.4.1.311.25.2.1")
            }
            try name.tagged(0, "value") { value throws(SyntaxFault) in
                guard isSID(try value.next(.octetString, "objectSid").contents) else {
                    throw SyntaxFault(
                        place: value.within("objectSid"),
                        problem: "is not a SID such as `S-1-5-21-1-2-3-1104`")
                }
            }
            try name.end()
        }
    }

    /// [MS-DTYP], section 2.4.2.1: `S-1-`, an identifier authority, and one to fifteen subauthorities of 32
    /// bits, in decimal without leading zeros.
    private static func isSID(_ text: ArraySlice<UInt8>) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard (4...18).contains(parts.count), parts[0].elementsEqual("S".utf8),
            parts[1].elementsEqual("1".utf8)
        else { return false }
        return parts.indices.dropFirst(2).allSatisfy { place in
            let digits = parts[place]
            guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                digits.count == 1 || digits.first != UInt8(ascii: "0"),
                let number = UInt64(String(decoding: digits, as: UTF8.self))
            else { return false }
            // The identifier authority has 48 bits.
            return number < (place == 2 ? 1 << 48 : 1 << 32)
        }
    }
}
