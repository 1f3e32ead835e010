internal import Identifiers
internal import SwiftASN1

/// A Name (RFC 5280, section 4.1.2.4) as octets. Rules about strings are checked on this type, because a
/// parsed `DistinguishedName` has repaired strings that do not fit their type.
public struct EncodedName: Sendable {
    public struct Attribute: Sendable {
        /// The contents octets of the type's object identifier.
        public let type: ArraySlice<UInt8>
        /// The tag of the value.
        public let tag: UInt8
        /// The contents octets of the value.
        public let contents: ArraySlice<UInt8>

        /// The string type of the value; nil for a value that is not a character string.
        public var string: CharacterString? { CharacterString(rawValue: tag) }

        /// The short name of the type, or its dotted decimal.
        public var typeName: String {
            let oid = try? ASN1ObjectIdentifier(
                derEncoded: DERElements.encoded(tag: 0x06, contents: Array(type)))
            return oid.map(AttributeName.name) ?? "#\(hexadecimal(type))"
        }
    }

    /// The relative distinguished names in their order, with the attributes of each.
    public let relativeNames: [[Attribute]]

    /// Nil when the octets are not a SEQUENCE of SETs of attributes.
    public init?(_ der: ArraySlice<UInt8>) {
        var top = DERElements(der)
        guard let name = top.next(), name.tag == 0x30, name.encoded.count == der.count else { return nil }
        var relativeNames: [[Attribute]] = []
        var end = name.contents.startIndex
        for set in DERElements(name.contents) {
            guard set.tag == 0x31, let attributes = Self.attributes(set.contents) else { return nil }
            relativeNames.append(attributes)
            end = set.encoded.endIndex
        }
        guard end == name.contents.endIndex else { return nil }
        self.relativeNames = relativeNames
    }

    private static func attributes(_ set: ArraySlice<UInt8>) -> [Attribute]? {
        var attributes: [Attribute] = []
        var end = set.startIndex
        for sequence in DERElements(set) {
            var parts = DERElements(sequence.contents)
            guard sequence.tag == 0x30, let type = parts.next(), type.tag == 0x06, let value = parts.next(),
                value.encoded.endIndex == sequence.contents.endIndex
            else { return nil }
            attributes.append(Attribute(type: type.contents, tag: value.tag, contents: value.contents))
            end = sequence.encoded.endIndex
        }
        return end == set.endIndex ? attributes : nil
    }

    /// Whether it has no attribute. It may still have empty relative distinguished names.
    public var isEmpty: Bool { relativeNames.allSatisfy(\.isEmpty) }
}
