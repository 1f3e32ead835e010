/// Reads values of universal types behind IMPLICIT tags (X.690, section 8.14.3). Their identifier octet does
/// not give the type, so ``DERLeaves`` cannot check them.
extension DERReader {
    /// The next component as a value of `type`, if its tag is `[number] IMPLICIT`. Throws when it is not the
    /// DER of the type.
    /// - Returns: the element with the identifier octet of the type
    public mutating func implicit(
        _ number: UInt8, _ type: DERTag, _ name: String
    ) throws(SyntaxFault) -> DERElements.Element? {
        // X.690, section 8.14.3: the tag is constructed if the type's encoding is.
        let tag: DERTag = type.isConstructed ? .constructedContext(number) : .context(number)
        guard let element = try optional(tag, name) else { return nil }
        return try Self.universal(element, as: type, within(name))
    }

    /// An element as a value of `type`, whatever its tag.
    static func universal(
        _ element: DERElements.Element, as type: DERTag, _ place: @autoclosure () -> String
    ) throws(SyntaxFault) -> DERElements.Element {
        let value = DERElements.Element(
            tag: type.rawValue, encoded: element.encoded, contents: element.contents)
        if let problem = DERLeaves.problem(value) {
            throw SyntaxFault(place: place(), problem: "is not DER: \(problem)")
        }
        guard type == .set else { return value }
        var parts = DERReader(value, place())
        var components: [DERElements.Element] = []
        while !parts.isAtEnd { components.append(try parts.any(nil)) }
        if let problem = DERLeaves.problem(inSet: components) {
            throw SyntaxFault(place: place(), problem: "is not DER: \(problem)")
        }
        return value
    }

    /// `ReasonFlags`, `[number] IMPLICIT` (RFC 5280, section 4.2.1.13).
    /// - Returns: whether it is present
    mutating func reasonFlags(_ number: UInt8, _ name: String) throws(SyntaxFault) -> Bool {
        guard let reasons = try implicit(number, .bitString, name) else { return false }
        let bits = try Self.namedBits(reasons.contents, within(name))
        // RFC 5280, section 4.2.1.13: ReasonFlags has nine bits.
        guard bits.count <= 2, bits.count < 2 || bits[1] & 0x7F == 0 else {
            throw SyntaxFault(place: within(name), problem: "has a bit without a meaning")
        }
        // RFC 5280, section 4.2.1.13: some reasons are given, so at least one; and the first bit is unused.
        guard let first = bits.first else { throw SyntaxFault(place: within(name), problem: "has no bit") }
        guard first & 0x80 == 0 else { throw SyntaxFault(place: within(name), problem: "has the unused bit") }
        return true
    }
}

extension DERTag {
    // X.690, section 8.1.2.5: bit 6 of the identifier.
    var isConstructed: Bool { rawValue & 0x20 != 0 }
}
