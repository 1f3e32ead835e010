/// Checks keyUsage, basicConstraints, extKeyUsage and subjectKeyIdentifier for every rule of DER. The
/// library's own types do not check all of them.
public enum BasicExtensionSyntax {
    /// RFC 5280, section 4.2.1.3: nine named bits.
    public static func checkKeyUsage(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = DERReader(DERElements.Element(tag: 0, encoded: value, contents: value), "")
        let bits = try DERReader.namedBits(try reader.next(.bitString, nil).contents, "")
        try reader.end()
        guard bits.count <= 2, bits.count < 2 || bits[1] & 0x7F == 0 else {
            throw SyntaxFault(place: "", problem: "has a bit without a meaning")
        }
        // RFC 5280, section 4.2.1.3: at least one bit is set.
        if bits.isEmpty { throw SyntaxFault(place: "", problem: "has no bit") }
    }

    /// RFC 5280, section 4.2.1.9: `pathLenConstraint INTEGER (0..MAX) OPTIONAL`.
    public static func checkBasicConstraints(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        let isAuthority = try reader.optionalTrue("cA")
        if let length = try reader.optional(.integer, "pathLenConstraint") {
            _ = try DERReader.nonNegativeInteger(length.contents, "pathLenConstraint")
            if !isAuthority {
                throw SyntaxFault(place: "pathLenConstraint", problem: "stands there without cA")
            }
        }
        try reader.end()
    }

    /// RFC 5280, section 4.2.1.12: `SEQUENCE SIZE (1..MAX) OF OBJECT IDENTIFIER`.
    public static func checkExtendedKeyUsage(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        if reader.isAtEnd { throw SyntaxFault(place: "", problem: "is empty") }
        while !reader.isAtEnd { _ = try reader.objectIdentifier("keyPurposeId") }
    }

    /// RFC 5280, section 4.2.1.2: an OCTET STRING.
    public static func subjectKeyIdentifier(_ value: ArraySlice<UInt8>) throws(SyntaxFault) -> ArraySlice<
        UInt8
    > {
        var reader = DERReader(DERElements.Element(tag: 0, encoded: value, contents: value), "")
        let identifier = try reader.next(.octetString, nil).contents
        try reader.end()
        return identifier
    }

    /// RFC 6960, section 4.2.2.2.1, RFC 6962, section 3.1, and RFC 9608, section 3: a NULL.
    public static func checkNull(_ value: ArraySlice<UInt8>) throws(SyntaxFault) {
        guard Array(value) == [0x05, 0x00] else { throw SyntaxFault(place: "", problem: "is not a NULL") }
    }
}
