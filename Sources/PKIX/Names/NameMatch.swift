internal import SwiftASN1
public import X509

/// A Name prepared for comparison by RFC 5280, section 7.1, from its octets. String types, the case of ASCII
/// letters and insignificant blanks do not count. Two names match when they are equal. Case beyond ASCII
/// counts, as in OpenSSL, so that names that match here match for every relying party.
public struct NameMatch: Sendable, Hashable {
    struct Attribute: Sendable, Hashable {
        /// The contents octets of the type's object identifier.
        let type: [UInt8]
        /// The tag of a value that is not a character string, or whose octets do not fit its type. Such a
        /// value matches only the same octets.
        let opaqueTag: UInt8?
        let value: [UInt8]
    }

    /// The attributes of each relative distinguished name, sorted, because it is a set.
    let relativeNames: [[Attribute]]

    /// Nil when the octets are not a Name.
    public init?(derEncoded name: ArraySlice<UInt8>) {
        guard let names = NameOctets(name)?.relativeNames else { return nil }
        relativeNames = names.map { attributes in
            attributes.map(Self.prepared).sorted { $0.precedes($1) }
        }
    }

    private static func prepared(_ attribute: NameOctets.Attribute) -> Attribute {
        // GeneralString does not occur in distinguished names.
        guard let string = CharacterString(rawValue: attribute.tag), string != .generalString,
            let text = string.text(attribute.value)
        else {
            return Attribute(
                type: Array(attribute.type), opaqueTag: attribute.tag, value: Array(attribute.value))
        }
        return Attribute(type: Array(attribute.type), opaqueTag: nil, value: folded(text.unicodeScalars))
    }

    /// RFC 4518, sections 2.2 and 2.6.1: letters in lower case, no blank at the ends and one between words.
    private static func folded(_ scalars: String.UnicodeScalarView) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(scalars.count)
        var isBlankPending = false
        for scalar in scalars {
            switch scalar.value {
            case 0x09...0x0D, 0x20:
                isBlankPending = !octets.isEmpty
                continue
            default: break
            }
            if isBlankPending { octets.append(0x20) }
            isBlankPending = false
            let isCapital = (0x41...0x5A).contains(scalar.value)
            let letter = isCapital ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
            if let encoded = UTF8.encode(letter) { octets.append(contentsOf: encoded) }
        }
        return octets
    }
}

extension NameMatch.Attribute {
    fileprivate func precedes(_ other: Self) -> Bool {
        if type != other.type { return type.lexicographicallyPrecedes(other.type) }
        if opaqueTag != other.opaqueTag { return opaqueTag ?? 0 < other.opaqueTag ?? 0 }
        return value.lexicographicallyPrecedes(other.value)
    }
}

extension DistinguishedName {
    /// Whether RFC 5280, section 7.1, considers both names equal. A parsed name has repaired strings that do
    /// not fit their type. Where that matters, compare the octets with ``NameMatch``.
    public func matches(_ other: DistinguishedName) -> Bool {
        guard let one = derBytes.flatMap({ NameMatch(derEncoded: $0[...]) }) else { return false }
        return one == other.derBytes.flatMap { NameMatch(derEncoded: $0[...]) }
    }

    private var derBytes: [UInt8]? {
        var serializer = DER.Serializer()
        guard (try? serializer.serialize(self)) != nil else { return nil }
        return serializer.serializedBytes
    }
}
