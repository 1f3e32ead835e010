/// When a private key may be used (RFC 3280, section 4.2.1.4, which RFC 5280, appendix A.2, still defines).
public enum PrivateKeyUsagePeriod {
    /// Throws when the value of the extension is not a PrivateKeyUsagePeriod, or has neither time.
    public static func check(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        if reader.isAtEnd { throw SyntaxFault(place: "", problem: "has neither notBefore nor notAfter") }
        var moments: [Int64] = []
        for (tag, name) in [(UInt8(0), "notBefore"), (1, "notAfter")] {
            guard let time = try reader.implicit(tag, .generalizedTime, name) else { continue }
            guard let moment = CertificateParser.civilTime(time) else {
                throw SyntaxFault(
                    place: reader.within(name), problem: "is not a GeneralizedTime of a moment, in Zulu time")
            }
            moments.append(moment.secondsSinceEpoch)
        }
        try reader.end()
        if let first = moments.first, let last = moments.last, last < first {
            throw SyntaxFault(place: "", problem: "ends before it begins")
        }
    }
}
