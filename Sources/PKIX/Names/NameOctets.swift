internal import Identifiers
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
            CharacterString(rawValue: tag)?.name ?? "value with the tag \(hexadecimal([tag]))"
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
