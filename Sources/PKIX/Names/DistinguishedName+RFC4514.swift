internal import Identifiers
internal import SwiftASN1
public import VisibleText
public import X509

extension DistinguishedName {
    /// RFC 4514, the last attribute first. It differs from the library's description in two ways: characters
    /// that a terminal interprets or does not show become pairs of hexadecimal digits (section 2.4), and
    /// values that are not text become `#` and their DER. Names without anything to escape take a path that
    /// allocates no arrays, because every request has a name.
    public var rfc4514: String {
        var text = ""
        var isFirst = true
        for attributes in reversed() {
            if !isFirst { text += "," }
            isFirst = false
            if attributes.count == 1, let attribute = attributes.first, let keyword = attribute.keyword,
                let value = String(attribute.value), Self.isPlain(value.utf8)
            {
                text += keyword
                text += "="
                text += value
            } else {
                text += attributes.map(\.rfc4514).joined(separator: "+")
            }
        }
        return text
    }

    /// The same for display: with the short names of ``AttributeName``, and with blanks escaped that could
    /// look like the end of the name.
    public var visible: EscapedText {
        reversed().map { attributes in
            attributes.map { attribute -> EscapedText in
                let value = attribute.value.text.map(AttributeText.visible) ?? "\(attribute.value.hex)"
                return "\(AttributeName.name(attribute.type))=\(value)"
            }.joined(separator: "+")
        }.joined(separator: ",")
    }

    /// Whether the value needs no escaping (RFC 4514, section 2.4): it is ASCII, and all of it is shown.
    private static func isPlain(_ value: String.UTF8View) -> Bool {
        guard let first = value.first, first != 0x20, first != UInt8(ascii: "#"), value.last != 0x20 else {
            return false
        }
        return value.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "+"), UInt8(ascii: "\""), UInt8(ascii: "\\"),
                UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ";"):
                false
            default: (0x20...0x7E).contains(byte)
            }
        }
    }
}

extension RelativeDistinguishedName.Attribute {
    /// The value as text. The library writes rare string types, and values that are not strings, as arrays of
    /// numbers.
    fileprivate var described: String {
        if let text = value.text { return Self(type: type, utf8String: text).description }
        return Self(type: type, utf8String: "").description + value.hex
    }

    /// The keyword of RFC 4514, section 3; nil for other attributes.
    fileprivate var keyword: String? {
        switch type {
        case .RDNAttributeType.commonName: "CN"
        case .RDNAttributeType.countryName: "C"
        case .RDNAttributeType.organizationName: "O"
        case .RDNAttributeType.organizationalUnitName: "OU"
        default: nil
        }
    }

    fileprivate var rfc4514: String {
        let whole = described
        guard whole.unicodeScalars.contains(where: { !$0.isVisible }) else { return whole }
        var text = ""
        for scalar in whole.unicodeScalars {
            if scalar.isVisible {
                text.unicodeScalars.append(scalar)
            } else {
                Escape.hexPairs.append(scalar, to: &text)
            }
        }
        return text
    }
}

extension RelativeDistinguishedName.Attribute.Value {
    /// RFC 4514, section 2.4: a number sign and the DER.
    var hex: String {
        var serializer = DER.Serializer()
        // A parsed value can always be encoded.
        try? serializer.serialize(ASN1Any(self))
        return "#\(hexadecimal(serializer.serializedBytes))"
    }
}
