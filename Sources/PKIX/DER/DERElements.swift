/// Splits a DER encoding into its elements by tags and lengths alone. For encodings whose bytes must be kept,
/// or that a full parser has checked.
public struct DERElements: Sequence, IteratorProtocol {
    public struct Element: Sendable {
        public let tag: UInt8
        /// With tag and length.
        public let encoded: ArraySlice<UInt8>
        private let contentsStart: Int

        /// A part of ``encoded``. A stored slice would double the cost of copying an element.
        public var contents: ArraySlice<UInt8> { encoded[contentsStart...] }

        /// - Parameter contents: the end of `encoded`, or all of it
        init(tag: UInt8, encoded: ArraySlice<UInt8>, contents: ArraySlice<UInt8>) {
            self.init(tag: tag, encoded: encoded, contentsStart: contents.startIndex)
        }

        fileprivate init(tag: UInt8, encoded: ArraySlice<UInt8>, contentsStart: Int) {
            self.tag = tag
            self.encoded = encoded
            self.contentsStart = contentsStart
        }
    }

    private var rest: ArraySlice<UInt8>

    /// The consecutive elements in `bytes`.
    public init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next element; nil at the end, and when the bytes are not an element (X.690, section 8.1.3).
    public mutating func next() -> Element? {
        guard rest.count >= 2 else { return nil }
        let first = rest[rest.startIndex + 1]
        var count = Int(first)
        var header = 2
        if first & 0x80 != 0 {
            let octets = Int(first & 0x7F)
            guard (1...4).contains(octets), rest.count >= 2 + octets else { return nil }
            count = 0
            for place in 0..<octets { count = count << 8 | Int(rest[rest.startIndex + 2 + place]) }
            header += octets
        }
        guard rest.count - header >= count else { return nil }
        let (start, end) = (rest.startIndex, rest.startIndex + header + count)
        let element = Element(
            tag: rest[start], encoded: rest[start..<end], contentsStart: start + header)
        rest = rest[end...]
        return element
    }

    /// The number of octets of tag and length for contents of `count` octets (X.690, section 10.1).
    static func headerSize(_ count: Int) -> Int {
        count < 0x80 ? 2 : 2 + (count.bitWidth - count.leadingZeroBitCount + 7) / 8
    }

    /// One element with this tag and these contents.
    static func encoded(tag: UInt8, contents: [UInt8]) -> [UInt8] { encoded(tag: tag, parts: [contents]) }

    /// One element with this tag, whose contents are the parts one after the other.
    static func encoded(tag: UInt8, parts: [[UInt8]]) -> [UInt8] {
        let count = parts.reduce(0) { $0 + $1.count }
        var encoded: [UInt8] = []
        encoded.reserveCapacity(count + 6)
        encoded.append(tag)
        // X.690, section 10.1: in the least number of octets.
        if count < 0x80 {
            encoded.append(UInt8(count))
        } else {
            let octets = (count.bitWidth - count.leadingZeroBitCount + 7) / 8
            encoded.append(0x80 | UInt8(octets))
            for place in (0..<octets).reversed() {
                encoded.append(UInt8(truncatingIfNeeded: count >> (8 * place)))
            }
        }
        for part in parts { encoded += part }
        return encoded
    }
}
