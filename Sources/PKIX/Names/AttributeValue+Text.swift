internal import Identifiers
internal import SwiftASN1
public import X509

extension RelativeDistinguishedName.Attribute.Value {
    /// The text of a value of any string type. Nil for a value that is not a string, or whose octets do not
    /// fit its type.
    public var text: String? {
        if let text = String(self) { return text }
        guard let element = element, let type = CharacterString(rawValue: element.tag) else { return nil }
        return type.text(element.contents)
    }

    /// The text, or the value's DER in hexadecimal after `#` (RFC 4514, section 2.4) if it has none. A
    /// condition or a report must not miss a value because it is not text.
    public var textOrHexadecimal: String {
        text ?? "#\(hexadecimal(element.map { Array($0.encoded) } ?? []))"
    }

    private var element: DERElements.Element? {
        var serializer = DER.Serializer()
        // A parsed value can always be encoded.
        try? serializer.serialize(ASN1Any(self))
        var elements = DERElements(serializer.serializedBytes[...])
        return elements.next()
    }
}

extension DistinguishedName {
    /// Whether the name has no attribute. RFC 5280 calls such a name empty. A name with relative
    /// distinguished names that have no attribute is not `isEmpty`, but it names nothing either.
    public var hasNoAttribute: Bool { allSatisfy(\.isEmpty) }
}
