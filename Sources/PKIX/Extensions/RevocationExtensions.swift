/// Extensions of CRLs and of OCSP messages. A request can ask for them in a certificate (RFC 5280, sections
/// 5.2 and 5.3; RFC 6960, section 4.4).
enum RevocationExtensions {
    /// issuingDistributionPoint (RFC 5280, section 5.2.5)
    static func checkIssuingDistributionPoint(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        // RFC 5280, section 5.2.5: no empty sequence.
        if reader.isAtEnd { throw SyntaxFault(place: "", problem: "is empty") }
        try reader.distributionPointName()
        try reader.optionalTrue(tag: 1, "onlyContainsUserCerts")
        try reader.optionalTrue(tag: 2, "onlyContainsCACerts")
        _ = try reader.reasonFlags(3, "onlySomeReasons")
        try reader.optionalTrue(tag: 4, "indirectCRL")
        try reader.optionalTrue(tag: 5, "onlyContainsAttributeCerts")
        try reader.end()
    }

    /// CRLNumber and BaseCRLNumber (RFC 5280, sections 5.2.3 and 5.2.4): not negative, of at most 20 octets.
    static func checkNumber(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        let contents = try DERReader.single(value, as: .integer).contents
        guard let first = contents.first, first < 0x80, contents.count <= 20 else {
            throw SyntaxFault(place: "", problem: "is not a number from 0 on of at most 20 octets")
        }
    }

    /// cRLReason (RFC 5280, section 5.3.1)
    static func checkReason(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        let reason = try DERReader.nonNegativeInteger(
            DERReader.single(value, as: .enumerated).contents, "")
        guard reason <= 10, reason != 7 else {
            throw SyntaxFault(place: "", problem: "is not a CRLReason")
        }
    }

    /// CrlID (RFC 6960, section 4.4.2)
    static func checkCRLReference(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        try reader.explicit(0, "crlUrl") { parts throws(SyntaxFault) in try parts.string(.ia5String, "url") }
        try reader.explicit(1, "crlNum") { parts throws(SyntaxFault) in
            _ = try parts.next(.integer, "number")
        }
        try reader.explicit(2, "crlTime") { parts throws(SyntaxFault) in try parts.generalizedTime(nil) }
        try reader.end()
    }

    /// ServiceLocator (RFC 6960, section 4.4.6)
    static func checkServiceLocator(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        let issuer = try reader.next(.sequence, "issuer")
        guard NameOctets(issuer.encoded) != nil else {
            throw SyntaxFault(place: "issuer", problem: "is not a Name")
        }
        if !reader.isAtEnd {
            _ = try AccessDescriptions(derEncoded: try reader.next(.sequence, "locator").encoded)
        }
        try reader.end()
    }
}
