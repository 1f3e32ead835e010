/// The addresses that a subject may use: IPAddrBlocks (RFC 3779, section 2.2.3), in the canonical form that
/// the section requires. RFC 8360, section 4.2.2, gives the same syntax to a second extension.
public struct IPAddressBlocks: Sendable, Hashable {
    /// The addresses of one family.
    public struct Family: Sendable, Hashable {
        /// addressFamily: AFI, and SAFI if there is one.
        public let identifier: [UInt8]
        /// In their order; nil for `inherit`.
        public let ranges: [ClosedRange<Address>]?
    }

    /// An address of any family, as octets.
    public struct Address: Sendable, Hashable, Comparable {
        let octets: [UInt8]

        public static func < (one: Self, other: Self) -> Bool {
            one.octets.lexicographicallyPrecedes(other.octets)
        }

        /// The next address; nil for the last of the family.
        var next: Address? {
            var octets = octets
            for place in octets.indices.reversed() {
                octets[place] &+= 1
                if octets[place] != 0 { return Address(octets: octets) }
            }
            return nil
        }
    }

    public let families: [Family]

    /// The ranges of each family by its identifier; nil where they are inherited.
    public var resources: [[UInt8]: [ClosedRange<Address>]?] {
        Dictionary(uniqueKeysWithValues: families.map { ($0.identifier, $0.ranges) })
    }

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        var families: [Family] = []
        try reader.forEach(.sequence, "family") { parts throws(SyntaxFault) in
            let family = try Self.family(&parts)
            // RFC 3779, section 2.2.3.3: by ascending addressFamily, each once.
            if let last = families.last, !last.identifier.lexicographicallyPrecedes(family.identifier) {
                throw SyntaxFault(place: parts.place, problem: "is not in ascending order, or there twice")
            }
            families.append(family)
        }
        self.families = families
    }

    private static func family(_ parts: inout DERReader) throws(SyntaxFault) -> Family {
        let identifier = Array(try parts.next(.octetString, "addressFamily").contents)
        // RFC 3779, section 2.2.3.3: two octets of AFI, and one of SAFI if there is one.
        guard (2...3).contains(identifier.count), let length = addressLength[Array(identifier.prefix(2))]
        else {
            throw SyntaxFault(
                place: parts.within("addressFamily"), problem: "is neither IPv4 (0001) nor IPv6 (0002)")
        }
        if let inherit = try parts.optional(.null, "inherit") {
            guard inherit.contents.isEmpty else {
                throw SyntaxFault(place: parts.within("inherit"), problem: "is not a NULL")
            }
            return Family(identifier: identifier, ranges: nil)
        }
        let list = try parts.next(.sequence, "addressesOrRanges")
        return Family(
            identifier: identifier,
            ranges: try ranges(list, parts.within("addressesOrRanges"), length))
    }

    /// The number of octets of an address by AFI (IANA, Address Family Numbers).
    private static let addressLength: [[UInt8]: Int] = [[0, 1]: 4, [0, 2]: 16]

    private static func ranges(
        _ list: DERElements.Element, _ place: String, _ length: Int
    ) throws(SyntaxFault) -> [ClosedRange<Address>] {
        var reader = DERReader(list, place)
        // RFC 3779, section 2.2.3: a family without addresses is omitted.
        if reader.isAtEnd { throw SyntaxFault(place: place, problem: "is empty") }
        var ranges: [ClosedRange<Address>] = []
        while !reader.isAtEnd {
            let item = "[\(ranges.count + 1)]"
            let range = try range(&reader, place + item, length)
            // RFC 3779, section 2.2.3.6: ascending, disjoint, and adjacent ranges merged.
            if let last = ranges.last, !(last.upperBound.next.map { $0 < range.lowerBound } ?? false) {
                throw SyntaxFault(
                    place: place + item, problem: "overlaps or touches the one before it, or precedes it")
            }
            ranges.append(range)
        }
        return ranges
    }

    private static func range(
        _ reader: inout DERReader, _ place: String, _ length: Int
    ) throws(SyntaxFault) -> ClosedRange<Address> {
        if let prefix = try reader.optional(.bitString, nil) {
            let bits = try Bits(prefix, place, length)
            return bits.filled(with: 0, length)...bits.filled(with: 0xFF, length)
        }
        var parts = DERReader(try reader.next(.sequence, nil), place)
        let low = try Bits(try parts.next(.bitString, "min"), "\(place).min", length)
        let high = try Bits(try parts.next(.bitString, "max"), "\(place).max", length)
        try parts.end()
        // RFC 3779, section 2.2.3.9: trailing zeros of min and trailing ones of max are omitted.
        if low.last == false {
            throw SyntaxFault(place: "\(place).min", problem: "has zero bits at its end")
        }
        if high.last == true {
            throw SyntaxFault(place: "\(place).max", problem: "has one bits at its end")
        }
        let (first, last) = (low.filled(with: 0, length), high.filled(with: 0xFF, length))
        guard first <= last else { throw SyntaxFault(place: place, problem: "ends before it begins") }
        // RFC 3779, section 2.2.3.7: a range that equals a prefix is written as a prefix.
        if isPrefix(first.octets, last.octets) {
            throw SyntaxFault(place: place, problem: "is a range that is a prefix")
        }
        return first...last
    }

    /// Whether the range is that of one prefix: both ends agree in the leading bits, and the rest are all
    /// zeros and all ones.
    private static func isPrefix(_ first: [UInt8], _ last: [UInt8]) -> Bool {
        guard let place = first.indices.first(where: { first[$0] != last[$0] }) else { return true }
        let differing = first[place] ^ last[place]
        return differing & (differing &+ 1) == 0 && first[place] & differing == 0
            && first[(place + 1)...].allSatisfy { $0 == 0 } && last[(place + 1)...].allSatisfy { $0 == 0xFF }
    }

    /// The bits of an address that the encoding contains.
    private struct Bits {
        let octets: ArraySlice<UInt8>
        let unused: Int

        init(_ element: DERElements.Element, _ place: String, _ length: Int) throws(SyntaxFault) {
            (octets, unused) = try DERReader.bitString(element.contents, place)
            guard octets.count <= length else {
                throw SyntaxFault(place: place, problem: "has more bits than an address of its family")
            }
        }

        /// Nil for no bit.
        var last: Bool? { octets.last.map { $0 & UInt8(1 << unused) != 0 } }

        func filled(with octet: UInt8, _ length: Int) -> Address {
            var address = Array(octets)
            if let last = address.indices.last {
                address[last] |= octet & UInt8(truncatingIfNeeded: (1 << unused) - 1)
            }
            return Address(octets: address + [UInt8](repeating: octet, count: length - address.count))
        }
    }
}
