/// Extensions of browsers, vendors and national schemes that OpenSSL and others decode.
enum VendorExtensions {
    /// netscape-cert-type (Netscape Certificate Extensions, 1998): eight named bits.
    static func checkNetscapeCertificateType(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        let bits = try DERReader.namedBits(DERReader.single(value, as: .bitString).contents, "")
        guard bits.count <= 1 else { throw SyntaxFault(place: "", problem: "has a bit without a meaning") }
    }

    /// Strong Extranet of Thawte: `SEQUENCE { version, SEQUENCE OF SEQUENCE { zone INTEGER, user OCTET STRING
    /// } }`
    static func checkStrongExtranet(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        _ = try reader.integer("version")
        var list = DERReader(try reader.next(.sequence, "ids"), "ids")
        try list.forEach(.sequence, "id") { parts throws(SyntaxFault) in
            _ = try parts.integer("zone")
            let user = try parts.next(.octetString, "user")
            // OpenSSL has the same limit.
            guard user.contents.count <= 64 else {
                throw SyntaxFault(place: parts.within("user"), problem: "has more than 64 octets")
            }
        }
        try reader.end()
    }

    /// entrustVersInfo: `SEQUENCE { entrustVers GeneralString, entrustInfoFlags BIT STRING }`
    static func checkEntrustVersion(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        if reader.nextTag == .generalString { try reader.string(.generalString, "entrustVers") }
        let flags = try reader.next(.bitString, "entrustInfoFlags")
        _ = try DERReader.bitString(flags.contents, "entrustInfoFlags")
        try reader.end()
    }

    /// issuerSignTool of Russian qualified certificates: four texts (OpenSSL, ISSUER_SIGN_TOOL).
    static func checkIssuerSignTool(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        for name in ["signTool", "cATool", "signToolCert", "cAToolCert"] {
            try reader.string(.utf8String, name)
        }
        try reader.end()
    }

    /// cabfOrganizationIdentifier (CA/Browser Forum, EV Guidelines, 7.1.2.2)
    static func checkOrganizationIdentifier(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        for (name, count) in [("registrationSchemeIdentifier", 3), ("registrationCountry", 2)]
        where try reader.string(.printableString, name).utf8.count != count {
            throw SyntaxFault(place: name, problem: "is not \(count) characters")
        }
        _ = try reader.implicit(0, .printableString, "registrationStateOrProvince")
        try reader.string(.utf8String, "registrationReference")
        try reader.end()
    }
}
