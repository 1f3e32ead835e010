/// The syntax of extensions that RFCs other than RFC 5280 define.
enum RelatedExtensions {
    /// biometricInfo (RFC 3739, section 3.2.5)
    static func checkBiometricInformation(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        try reader.forEach(.sequence, "biometricData") { parts throws(SyntaxFault) in
            if parts.nextTag == .integer {
                _ = try parts.integer("typeOfBiometricData")
            } else {
                _ = try parts.objectIdentifier("typeOfBiometricData")
            }
            try parts.sequence("hashAlgorithm") { part throws(SyntaxFault) in try part.algorithm() }
            _ = try parts.next(.octetString, "biometricDataHash")
            if !parts.isAtEnd { try parts.string(.ia5String, "sourceDataUri") }
        }
    }

    /// SMIMECapabilities (RFC 4262, section 2; RFC 8551, section 2.5.2)
    static func checkMailCapabilities(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        try reader.forEach(.sequence, "capability") { part throws(SyntaxFault) in try part.algorithm() }
    }

    /// TNAuthorizationList (RFC 8226, section 9), whose tags are explicit.
    static func checkTelephoneNumbers(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        if reader.isAtEnd { throw SyntaxFault(place: "", problem: "is empty") }
        while !reader.isAtEnd {
            var entry: DERReader
            switch reader.nextTag {
            case .constructedContext(0):
                entry = DERReader(try reader.any("spc"), "spc")
                try entry.string(.ia5String, "code")
            case .constructedContext(1):
                entry = DERReader(try reader.any("range"), "range")
                try entry.sequence("range") { range throws(SyntaxFault) in
                    try checkTelephoneNumber(&range, "start")
                    guard try range.integer("count") >= 2 else {
                        throw SyntaxFault(place: "range.count", problem: "is less than 2")
                    }
                }
            default:
                entry = DERReader(try reader.next(.constructedContext(2), "one"), "one")
                try checkTelephoneNumber(&entry, "number")
            }
            try entry.end()
        }
    }

    /// `TelephoneNumber ::= IA5String (SIZE (1..15)) (FROM ("0123456789#*"))`
    private static func checkTelephoneNumber(
        _ reader: inout DERReader, _ name: String
    ) throws(SyntaxFault) {
        let number = try reader.string(.ia5String, name).utf8
        guard (1...15).contains(number.count), number.allSatisfy({ "0123456789#*".utf8.contains($0) }) else {
            throw SyntaxFault(
                place: reader.within(name), problem: "is not a telephone number of 1 to 15 digits")
        }
    }

    /// acmeIdentifier (RFC 8737, section 3): the SHA-256 of a key authorization.
    static func checkACMEIdentifier(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        guard try DERReader.single(value, as: .octetString).contents.count == 32 else {
            throw SyntaxFault(place: "", problem: "is not 32 octets")
        }
    }
}
