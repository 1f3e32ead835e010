/// SCTs embedded in a certificate (RFC 6962, section 3.3): an OCTET STRING in extnValue that holds a list in
/// the presentation language of TLS.
public struct SignedCertificateTimestampList: Sendable {
    /// The number of SCTs.
    public let count: Int

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var outer = DERReader(DERElements.Element(tag: 0, encoded: value, contents: value), "")
        var octets = try outer.next(.octetString, nil).contents
        try outer.end()
        guard let list = Self.vector(&octets), octets.isEmpty else {
            throw SyntaxFault(place: "", problem: "does not hold a list with its length")
        }
        // RFC 6962, section 3.3: at least one.
        if list.isEmpty { throw SyntaxFault(place: "", problem: "is empty") }
        var rest = list
        var count = 0
        while !rest.isEmpty {
            count += 1
            guard let entry = Self.vector(&rest), !entry.isEmpty else {
                throw SyntaxFault(place: "SCT[\(count)]", problem: "is cut short or empty")
            }
            // RFC 6962, section 3.2: v1 is 0. Other versions are not checked.
            if entry.first == 0 { try Self.check(entry.dropFirst(), "SCT[\(count)]") }
        }
        self.count = count
    }

    /// Checks what follows the version: 32 octets of log identifier, 8 of time, extensions, two of algorithm,
    /// a signature.
    private static func check(_ entry: ArraySlice<UInt8>, _ place: String) throws(SyntaxFault) {
        guard entry.count >= 32 + 8 else { throw SyntaxFault(place: place, problem: "is cut short") }
        var rest = entry.dropFirst(32 + 8)
        guard vector(&rest) != nil, rest.count >= 2 else {
            throw SyntaxFault(place: place, problem: "is cut short")
        }
        rest = rest.dropFirst(2)
        guard let signature = vector(&rest), !signature.isEmpty, rest.isEmpty else {
            throw SyntaxFault(place: place, problem: "has no signature, or goes on after it")
        }
    }

    /// RFC 8446, section 3.4: a vector with a length prefix of two octets. Nil when it is cut off.
    private static func vector(_ octets: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard octets.count >= 2 else { return nil }
        let count = Int(octets[octets.startIndex]) << 8 | Int(octets[octets.startIndex + 1])
        guard octets.count >= 2 + count else { return nil }
        let contents = octets.dropFirst(2).prefix(count)
        octets = octets.dropFirst(2 + count)
        return contents
    }
}
