extension DERReader {
    /// The only value in `der`, which must have this tag.
    public static func single(
        _ der: ArraySlice<UInt8>, as tag: DERTag, _ place: String = ""
    ) throws(SyntaxFault) -> DERElements.Element {
        var reader = DERReader(DERElements.Element(tag: 0, encoded: der, contents: der), place)
        let element = try reader.next(tag, nil)
        try reader.end()
        return element
    }

    /// The bits of a BIT STRING (X.690, sections 8.6 and 11.2.1). The unused bits, fewer than eight, are
    /// zero.
    public static func bitString(
        _ contents: ArraySlice<UInt8>, _ place: String
    ) throws(SyntaxFault) -> (octets: ArraySlice<UInt8>, unused: Int) {
        guard let first = contents.first, first < 8 else {
            throw SyntaxFault(place: place, problem: "is not a BIT STRING")
        }
        let octets = contents.dropFirst()
        let unused = UInt8(truncatingIfNeeded: (1 << Int(first)) - 1)
        guard octets.last.map({ $0 & unused == 0 }) ?? (first == 0) else {
            throw SyntaxFault(place: place, problem: "has unused bits that are not zero")
        }
        return (octets, Int(first))
    }

    /// A GeneralizedTime with seconds and in Zulu time, as RFC 5280 requires.
    public mutating func generalizedTime(_ name: String?) throws(SyntaxFault) {
        let element = try next(.generalizedTime, name)
        guard CertificateParser.civilTime(element) != nil else {
            throw SyntaxFault(
                place: name.map(within) ?? place,
                problem: "is not a GeneralizedTime of a moment, with seconds and in Zulu time")
        }
    }

    /// A DirectoryString (RFC 5280, section 4.1.2.4) in any of its five types.
    public mutating func directoryString(_ name: String) throws(SyntaxFault) {
        try Self.checkDirectoryString(any(name), within(name))
    }

    /// `BOOLEAN DEFAULT FALSE` behind an implicit tag.
    mutating func optionalTrue(tag number: UInt8, _ name: String) throws(SyntaxFault) {
        guard let element = try implicit(number, .boolean, name) else { return }
        guard element.contents.elementsEqual([0xFF]) else {
            throw SyntaxFault(place: within(name), problem: "is not the TRUE of DER")
        }
    }

    /// Text of one string type.
    @discardableResult
    public mutating func string(_ tag: DERTag, _ name: String) throws(SyntaxFault) -> String {
        try Self.text(next(tag, name), as: tag, within(name))
    }

    /// Reads the one value in an explicit tag with `body`. Does nothing when the tag is absent.
    public mutating func explicit(
        _ number: UInt8, _ name: String, _ body: (inout DERReader) throws(SyntaxFault) -> Void
    ) throws(SyntaxFault) {
        guard let element = try optional(.constructedContext(number), name) else { return }
        var reader = DERReader(element, within(name))
        try body(&reader)
        try reader.end()
    }

    /// Reads the one value in a required explicit tag with `body`.
    public mutating func tagged(
        _ number: UInt8, _ name: String, _ body: (inout DERReader) throws(SyntaxFault) -> Void
    ) throws(SyntaxFault) {
        var reader = DERReader(try next(.constructedContext(number), name), within(name))
        try body(&reader)
        try reader.end()
    }

    /// Reads all components of the next value, a SEQUENCE, with `body`.
    public mutating func sequence(
        _ name: String, _ body: (inout DERReader) throws(SyntaxFault) -> Void
    ) throws(SyntaxFault) {
        var reader = DERReader(try next(.sequence, name), within(name))
        try body(&reader)
        try reader.end()
    }

    /// Reads the components of an `AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT
    /// IDENTIFIER, parameters ANY OPTIONAL }` (RFC 5280, section 4.1.1.2).
    public mutating func algorithm() throws(SyntaxFault) {
        _ = try objectIdentifier("algorithm")
        if !isAtEnd { try wellFormed("parameters") }
    }

    /// Reads the next component of any type, and checks the values in it.
    public mutating func wellFormed(_ name: String?) throws(SyntaxFault) {
        let place = name.map(within) ?? place
        try DERLeaves.check(try any(name).encoded, place)
    }

    /// The tag of the next component; nil at the end.
    var nextTag: DERTag? { firstOctet.map(DERTag.init) }
}
