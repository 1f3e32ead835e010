/// The autonomous system numbers that a subject may use: ASIdentifiers (RFC 3779, section 3.2.3), in the
/// canonical form that the section requires. RFC 8360, section 4.2.2, gives the same syntax to a second
/// extension.
public struct ASIdentifiers: Sendable, Hashable {
    /// `inherit`, or numbers in their order.
    public enum Choice: Sendable, Hashable {
        case inherit
        case ranges([ClosedRange<Int>])
    }

    /// Autonomous system numbers.
    public let numbers: Choice?
    /// Routing domain identifiers.
    public let routingDomains: Choice?

    /// The ranges of both kinds, by the names of their fields; nil where they are inherited.
    public var resources: [String: [ClosedRange<Int>]?] {
        var resources: [String: [ClosedRange<Int>]?] = [:]
        for (kind, choice) in [("asnum", numbers), ("rdi", routingDomains)] {
            switch choice {
            case .inherit: resources.updateValue(nil, forKey: kind)
            case .ranges(let ranges): resources.updateValue(ranges, forKey: kind)
            case nil: break
            }
        }
        return resources
    }

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        if reader.isAtEnd { throw SyntaxFault(place: "", problem: "is empty") }
        numbers = try Self.choice(&reader, 0, "asnum")
        routingDomains = try Self.choice(&reader, 1, "rdi")
        try reader.end()
    }

    private static func choice(
        _ reader: inout DERReader, _ tag: UInt8, _ name: String
    ) throws(SyntaxFault) -> Choice? {
        var choice: Choice?
        try reader.explicit(tag, name) { parts throws(SyntaxFault) in
            if let inherit = try parts.optional(.null, "inherit") {
                guard inherit.contents.isEmpty else {
                    throw SyntaxFault(place: parts.within("inherit"), problem: "is not a NULL")
                }
                choice = .inherit
                return
            }
            let list = try parts.next(.sequence, "asIdsOrRanges")
            choice = .ranges(try ranges(list, parts.within("asIdsOrRanges")))
        }
        return choice
    }

    private static func ranges(
        _ list: DERElements.Element, _ place: String
    ) throws(SyntaxFault) -> [ClosedRange<Int>] {
        var reader = DERReader(list, place)
        if reader.isAtEnd { throw SyntaxFault(place: place, problem: "is empty") }
        var ranges: [ClosedRange<Int>] = []
        while !reader.isAtEnd {
            let item = "\(place)[\(ranges.count + 1)]"
            let range = try range(&reader, item)
            // RFC 3779, section 3.2.3.4: ascending, disjoint, and adjacent ranges merged.
            if let last = ranges.last, last.upperBound + 1 >= range.lowerBound {
                throw SyntaxFault(
                    place: item, problem: "overlaps or touches the one before it, or precedes it")
            }
            ranges.append(range)
        }
        return ranges
    }

    private static func range(
        _ reader: inout DERReader, _ place: String
    ) throws(SyntaxFault) -> ClosedRange<Int> {
        if let id = try reader.optional(.integer, nil) {
            let number = try number(id, place)
            return number...number
        }
        var parts = DERReader(try reader.next(.sequence, nil), place)
        let low = try number(try parts.next(.integer, "min"), "\(place).min")
        let high = try number(try parts.next(.integer, "max"), "\(place).max")
        try parts.end()
        // RFC 3779, section 3.2.3.5: a single number is an id, not a range.
        guard low < high else {
            throw SyntaxFault(place: place, problem: "is not from a lower number to a higher")
        }
        return low...high
    }

    private static func number(_ element: DERElements.Element, _ place: String) throws(SyntaxFault) -> Int {
        let number = try DERReader.nonNegativeInteger(element.contents, place)
        // RFC 6793, section 1: four octets.
        guard number <= UInt32.max else {
            throw SyntaxFault(place: place, problem: "is not a number of 32 bits")
        }
        return number
    }
}
