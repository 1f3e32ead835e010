/// Operations on the UTF-8 octets of text from outside.
///
/// `hasPrefix`, `split`, `contains` and `==` of Swift's strings work on characters: a combining mark joins
/// the separator before it, CR LF is one character, and canonically equivalent texts are equal. Decisions
/// about names, paths and headers compare octets instead. `Scripts/check-octets` refuses the functions on
/// characters in the targets that decide.
extension StringProtocol {
    /// Whether both have the same octets.
    public func equalsOctets(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }

    public func hasOctetPrefix(_ other: some StringProtocol) -> Bool { utf8.starts(with: other.utf8) }

    public func hasOctetSuffix(_ other: some StringProtocol) -> Bool {
        let count = other.utf8.count
        return utf8.count >= count && utf8.suffix(count).elementsEqual(other.utf8)
    }

    /// Whether the octets of a text occur anywhere. An empty text always occurs.
    public func containsOctets(_ other: some StringProtocol) -> Bool {
        let wanted = Array(other.utf8)
        guard let first = wanted.first else { return true }
        let octets = Array(utf8)
        guard octets.count >= wanted.count else { return false }
        return (0...(octets.count - wanted.count)).contains {
            octets[$0] == first && octets[$0..<($0 + wanted.count)].elementsEqual(wanted)
        }
    }

    /// Whether an ASCII scalar occurs.
    public func containsOctet(_ scalar: Unicode.Scalar) -> Bool { utf8.contains(UInt8(ascii: scalar)) }

    /// The pieces between the occurrences of an ASCII scalar, including empty ones.
    /// - Parameter most: the maximum number of pieces; the last one has the rest
    public func pieces(at separator: Unicode.Scalar, most: Int = .max) -> [SubSequence] {
        var pieces: [SubSequence] = []
        var start = startIndex
        while pieces.count < most - 1,
            let place = self[start...].utf8.firstIndex(of: UInt8(ascii: separator))
        {
            pieces.append(self[start..<place])
            start = utf8.index(after: place)
        }
        pieces.append(self[start...])
        return pieces
    }

    /// The text with `A` to `Z` in lower case, and every other octet unchanged.
    public var asciiLowercased: String {
        String(
            decoding: utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self)
    }

    /// The text without its first `count` octets, which must end at a scalar boundary.
    public func dropping(octets count: Int) -> SubSequence {
        self[(utf8.index(startIndex, offsetBy: count, limitedBy: endIndex) ?? endIndex)...]
    }
}

extension String {
    /// The longest prefix of at most `most` octets that ends at a scalar boundary. `prefix(_:)` counts
    /// characters, which can have any number of octets.
    public func prefix(octets most: Int) -> String {
        let octets = utf8
        guard let limit = octets.index(octets.startIndex, offsetBy: most, limitedBy: octets.endIndex),
            limit != octets.endIndex
        else { return self }
        var end = limit
        // RFC 3629, section 3: octets 10xxxxxx continue a scalar.
        while end != octets.startIndex, octets[end] & 0xC0 == 0x80 { octets.formIndex(before: &end) }
        return String(self[..<end])
    }
}
