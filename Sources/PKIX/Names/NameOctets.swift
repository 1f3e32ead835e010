internal import SwiftASN1

/// The attributes of a Name as its octets have them (RFC 5280, section 4.1.2.4).
public struct NameOctets: Sendable {
    public struct Attribute: Sendable {
        /// The contents octets of the type's object identifier.
        public let type: ArraySlice<UInt8>
        /// The tag of the value.
        public let tag: UInt8
        /// The contents octets of the value.
        public let value: ArraySlice<UInt8>

        /// The short name of the type, or its dotted decimal.
        public var typeName: String {
            let oid = try? ASN1ObjectIdentifier(
                derEncoded: DERElements.encoded(tag: 0x06, contents: Array(type)))
            return oid.map(AttributeName.name) ?? hexadecimal(Array(type))
        }

        /// The string type of the value, or its tag.
        public var kindName: String {
            NameString(rawValue: tag)?.name ?? "value with the tag \(hexadecimal([tag]))"
        }
    }

    public let relativeNames: [[Attribute]]

    /// Nil when the octets are not a SEQUENCE of SETs of attributes and nothing else.
    public init?(_ der: ArraySlice<UInt8>) {
        var top = DERElements(der)
        guard let name = top.next(), name.tag == 0x30, name.encoded.count == der.count,
            let sets = Self.elements(name.contents, tag: 0x31)
        else { return nil }
        var relativeNames: [[Attribute]] = []
        for set in sets {
            guard let sequences = Self.elements(set.contents, tag: 0x30) else { return nil }
            var attributes: [Attribute] = []
            for sequence in sequences {
                var parts = DERElements(sequence.contents)
                guard let type = parts.next(), type.tag == 0x06, let value = parts.next(),
                    value.encoded.endIndex == sequence.contents.endIndex
                else { return nil }
                attributes.append(Attribute(type: type.contents, tag: value.tag, value: value.contents))
            }
            relativeNames.append(attributes)
        }
        self.relativeNames = relativeNames
    }

    private static func elements(_ contents: ArraySlice<UInt8>, tag: UInt8) -> [DERElements.Element]? {
        let elements = Array(DERElements(contents))
        guard elements.allSatisfy({ $0.tag == tag }),
            elements.reduce(0, { $0 + $1.encoded.count }) == contents.count
        else { return nil }
        return elements
    }
}

/// The character string types of X.680 by their tag.
enum NameString: UInt8 {
    case utf8String = 0x0C
    case numericString = 0x12
    case printableString = 0x13
    /// T.61, read as Latin-1, as OpenSSL reads it.
    case teletexString = 0x14
    case ia5String = 0x16
    case visibleString = 0x1A
    case universalString = 0x1C
    case bmpString = 0x1E

    var name: String {
        switch self {
        case .utf8String: "UTF8String"
        case .numericString: "NumericString"
        case .printableString: "PrintableString"
        case .teletexString: "TeletexString"
        case .ia5String: "IA5String"
        case .visibleString: "VisibleString"
        case .universalString: "UniversalString"
        case .bmpString: "BMPString"
        }
    }

    /// Nil when the octets do not fit the type.
    func scalars(_ octets: ArraySlice<UInt8>) -> [Unicode.Scalar]? {
        switch self {
        case .utf8String: Self.utf8(octets)
        case .teletexString: octets.map { Unicode.Scalar($0) }
        case .numericString, .printableString, .ia5String, .visibleString:
            octets.allSatisfy { $0 < 0x80 } ? octets.map { Unicode.Scalar($0) } : nil
        // X.690, sections 8.23.7 and 8.23.8: the most significant octet first.
        case .universalString: Self.fixed(octets, width: 4)
        case .bmpString: Self.fixed(octets, width: 2)
        }
    }

    private static func utf8(_ octets: ArraySlice<UInt8>) -> [Unicode.Scalar]? {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(octets.count)
        var decoder = UTF8()
        var rest = octets.makeIterator()
        while true {
            switch decoder.decode(&rest) {
            case .scalarValue(let scalar): scalars.append(scalar)
            case .emptyInput: return scalars
            case .error: return nil
            }
        }
    }

    private static func fixed(_ octets: ArraySlice<UInt8>, width: Int) -> [Unicode.Scalar]? {
        guard octets.count.isMultiple(of: width) else { return nil }
        var scalars: [Unicode.Scalar] = []
        var rest = octets
        while !rest.isEmpty {
            let value = rest.prefix(width).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard let scalar = Unicode.Scalar(value) else { return nil }
            scalars.append(scalar)
            rest = rest.dropFirst(width)
        }
        return scalars
    }
}
