internal import Identifiers

/// Reads the components of one constructed DER value in order. Faults carry their place. No component is
/// skipped: if components are left at the end, that is a fault.
public struct DERReader {
    /// The name of the value that is being read. It is computed on demand, because only faults need it.
    public var place: String { index.map { "\(name)[\($0)]" } ?? name }
    private let name: String
    /// The position of the value in a list; nil outside a list.
    private let index: Int?
    private var rest: ArraySlice<UInt8>

    /// Reads the one value in `der`, which must have this tag.
    public init(
        _ der: ArraySlice<UInt8>, as tag: DERTag, _ place: String
    ) throws(SyntaxFault) {
        name = place
        index = nil
        rest = der
        let element = try next(tag, nil)
        try end()
        rest = element.contents
    }

    /// Reads the components of an element.
    /// - Parameter index: the position of the value in the list `place`; nil where `place` is the value
    ///   itself
    public init(_ element: DERElements.Element, _ place: String, index: Int? = nil) {
        name = place
        self.index = index
        rest = element.contents
    }

    public var isAtEnd: Bool { rest.isEmpty }

    /// The identifier of the next component; nil at the end.
    var firstOctet: UInt8? { rest.first }

    /// The next component, which must have this tag.
    public mutating func next(
        _ tag: DERTag, _ name: @autoclosure () -> String?
    ) throws(SyntaxFault) -> DERElements.Element {
        guard rest.first == tag.rawValue else {
            let found =
                rest.first.map { "has \(DERTag.description($0)) where" } ?? "ends where"
            throw fault(name(), "\(found) \(tag.name) is asked for")
        }
        return try any(name())
    }

    private func fault(_ name: String?, _ problem: String) -> SyntaxFault {
        SyntaxFault(place: name.map(within) ?? place, problem: problem)
    }

    /// The next component if it has this tag.
    public mutating func optional(
        _ tag: DERTag, _ name: @autoclosure () -> String?
    ) throws(SyntaxFault) -> DERElements.Element? {
        guard rest.first == tag.rawValue else { return nil }
        return try any(name())
    }

    /// The next component of any type.
    public mutating func any(_ name: @autoclosure () -> String?) throws(SyntaxFault) -> DERElements.Element {
        guard let tag = rest.first else { throw fault(name(), "is missing") }
        // X.690, section 8.1.2.4: a tag of several octets. No value in a certificate has one.
        if tag & 0x1F == 0x1F { throw fault(name(), "has a tag of more than one octet") }
        var elements = DERElements(rest)
        guard let element = elements.next() else {
            throw fault(name(), "is cut short, or has no DER length")
        }
        // X.690, section 10.1: in the least number of octets.
        let header = element.encoded.count - element.contents.count
        guard header == DERElements.headerSize(element.contents.count) else {
            throw fault(name(), "has a length that is not in the shortest form of DER")
        }
        rest = rest.dropFirst(element.encoded.count)
        return element
    }

    /// Throws when components are left.
    public func end() throws(SyntaxFault) {
        guard let first = rest.first else { return }
        throw SyntaxFault(place: place, problem: "goes on with \(DERTag.description(first)) after its end")
    }

    /// The place of a component.
    public func within(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    /// Calls `body` with each value in it. There is at least one (`SIZE (1..MAX)`), and all have one tag.
    public mutating func forEach(
        _ tag: DERTag, _ name: String, _ body: (inout DERReader) throws(SyntaxFault) -> Void
    ) throws(SyntaxFault) {
        if isAtEnd { throw SyntaxFault(place: place, problem: "is empty") }
        let list = within(name)
        var index = 0
        while !isAtEnd {
            index += 1
            var reader = DERReader(try next(tag, "\(name)[\(index)]"), list, index: index)
            try body(&reader)
            try reader.end()
        }
    }
}

/// Identifier octets of certificates (X.690, section 8.1.2). Each tag is one octet.
public struct DERTag: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let boolean = Self(rawValue: 0x01)
    public static let integer = Self(rawValue: 0x02)
    public static let bitString = Self(rawValue: 0x03)
    public static let octetString = Self(rawValue: 0x04)
    public static let null = Self(rawValue: 0x05)
    public static let objectIdentifier = Self(rawValue: 0x06)
    public static let enumerated = Self(rawValue: 0x0A)
    public static let utf8String = Self(rawValue: 0x0C)
    public static let printableString = Self(rawValue: 0x13)
    public static let ia5String = Self(rawValue: 0x16)
    public static let utcTime = Self(rawValue: 0x17)
    public static let generalizedTime = Self(rawValue: 0x18)
    public static let visibleString = Self(rawValue: 0x1A)
    public static let generalString = Self(rawValue: 0x1B)
    public static let bmpString = Self(rawValue: 0x1E)
    public static let sequence = Self(rawValue: 0x30)
    public static let set = Self(rawValue: 0x31)

    /// A context-specific tag of a primitive value.
    public static func context(_ number: UInt8) -> Self { Self(rawValue: 0x80 | number) }
    /// A context-specific tag of a constructed value.
    public static func constructedContext(_ number: UInt8) -> Self { Self(rawValue: 0xA0 | number) }

    private static let names: [Self: String] = [
        .boolean: "a BOOLEAN", .integer: "an INTEGER", .bitString: "a BIT STRING",
        .octetString: "an OCTET STRING", .null: "a NULL", .objectIdentifier: "an OBJECT IDENTIFIER",
        .enumerated: "an ENUMERATED", .utf8String: "a UTF8String", .printableString: "a PrintableString",
        .ia5String: "an IA5String", .utcTime: "a UTCTime", .generalizedTime: "a GeneralizedTime",
        .visibleString: "a VisibleString", .generalString: "a GeneralString", .bmpString: "a BMPString",
        .sequence: "a SEQUENCE",
        .set: "a SET",
    ]

    /// The type's name with its article, for messages.
    public var name: String {
        if let name = Self.names[self] { return name }
        // X.690, section 8.1.2.2: bits 8 and 7 of a context-specific tag are 1 and 0.
        return rawValue & 0xC0 == 0x80
            ? "the context tag [\(rawValue & 0x1F)]" : "the tag 0x\(hexadecimal([rawValue]))"
    }

    static func description(_ tag: UInt8) -> String { Self(rawValue: tag).name }
}
