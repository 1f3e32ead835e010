internal import Foundation
public import SwiftASN1

extension DERReader {
    /// An object identifier (X.690, section 8.19).
    public mutating func objectIdentifier(
        _ name: String
    ) throws(SyntaxFault) -> ASN1ObjectIdentifier {
        let element = try next(.objectIdentifier, name)
        if let problem = DERLeaves.objectIdentifierProblem(element.contents) {
            throw SyntaxFault(place: within(name), problem: "is not one: \(problem)")
        }
        guard let oid = try? ASN1ObjectIdentifier(derEncoded: Array(element.encoded)) else {
            throw SyntaxFault(place: within(name), problem: "is not an object identifier")
        }
        return oid
    }

    /// The value of a non-negative INTEGER. Throws unless `contents` is its least number of octets (X.690,
    /// section 8.3.2), at most 8.
    public static func nonNegativeInteger(
        _ contents: ArraySlice<UInt8>, _ place: String
    ) throws(SyntaxFault) -> Int {
        guard let first = contents.first else { throw SyntaxFault(place: place, problem: "has no octet") }
        if first & 0x80 != 0 { throw SyntaxFault(place: place, problem: "is negative") }
        if first == 0, contents.count > 1, contents[contents.startIndex + 1] & 0x80 == 0 {
            throw SyntaxFault(place: place, problem: "has a leading zero that DER does not allow")
        }
        guard contents.count <= 8 else { throw SyntaxFault(place: place, problem: "is too large") }
        return contents.reduce(0) { $0 << 8 | Int($1) }
    }

    public mutating func integer(_ name: String) throws(SyntaxFault) -> Int {
        try Self.nonNegativeInteger(next(.integer, name).contents, within(name))
    }

    /// X.690, section 11.1: TRUE is FF; a DEFAULT of FALSE is not encoded (section 11.5).
    public mutating func optionalTrue(_ name: String) throws(SyntaxFault) -> Bool {
        guard let element = try optional(.boolean, name) else { return false }
        guard Array(element.contents) == [0xFF] else {
            throw SyntaxFault(place: within(name), problem: "is not the TRUE of DER")
        }
        return true
    }

    /// The bits of a named bit list (X.690, sections 8.6 and 11.2), the first at 0x80.
    public static func namedBits(
        _ contents: ArraySlice<UInt8>, _ place: String
    ) throws(SyntaxFault) -> [UInt8] {
        guard let unused = contents.first, unused < 8 else {
            throw SyntaxFault(place: place, problem: "is not a BIT STRING")
        }
        let octets = Array(contents.dropFirst())
        guard let last = octets.last else {
            guard unused == 0 else { throw SyntaxFault(place: place, problem: "is not a BIT STRING") }
            return []
        }
        // X.690, section 11.2.2: no zero bit at the end of a named bit list.
        guard last.trailingZeroBitCount == Int(unused) else {
            throw SyntaxFault(
                place: place, problem: "has zero bits at its end, or unused bits, that DER does not allow")
        }
        return octets
    }

    /// The text of a string type. Throws when an octet does not fit the type.
    public static func text(
        _ element: DERElements.Element, as tag: DERTag, _ place: String
    ) throws(SyntaxFault) -> String {
        guard let type = CharacterString(rawValue: tag.rawValue), let text = type.text(element.contents)
        else {
            throw SyntaxFault(place: place, problem: "has octets that \(tag.name) cannot hold")
        }
        return text
    }

    /// A relative distinguished name (RFC 5280, appendix A.1): `SET SIZE (1..MAX)` of attributes.
    public static func relativeName(
        _ contents: ArraySlice<UInt8>, _ place: String
    ) throws(SyntaxFault) {
        let set = DERElements.encoded(tag: DERTag.set.rawValue, contents: Array(contents))
        let name = DERElements.encoded(tag: DERTag.sequence.rawValue, contents: set)
        guard let attributes = NameOctets(name[...])?.relativeNames.first else {
            throw SyntaxFault(place: place, problem: "is not a set of attributes")
        }
        if attributes.isEmpty { throw SyntaxFault(place: place, problem: "has no attribute") }
        guard Set(attributes.map { Array($0.type) }).count == attributes.count else {
            throw SyntaxFault(place: place, problem: "has two attributes of one type")
        }
        for attribute in attributes {
            guard let type = CharacterString(rawValue: attribute.tag) else {
                throw SyntaxFault(
                    place: place, problem: "has an attribute whose value is no character string")
            }
            if type.read(attribute.value).hidden != nil {
                throw SyntaxFault(place: place, problem: "has a character that no name may hold")
            }
        }
    }
}
