internal import Identifiers
internal import SwiftASN1
public import VisibleText
public import X509

extension DistinguishedName {
    /// RFC 4514, the last attribute first: the library's description, but for what a terminal acts on or does
    /// not show, which is pairs of hexadecimal digits (section 2.4), and values that are no text, which are
    /// `#` and their DER. It takes no way through arrays for the names that have nothing to escape: every
    /// request has one.
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

    /// The same for people, with the names of ``AttributeName``, and blanks that could pass for an end of the
    /// name escaped.
    public var visible: EscapedText {
        reversed().map { attributes in
            attributes.map { attribute -> EscapedText in
                let value = attribute.value.text.map(AttributeText.visible) ?? "\(attribute.value.hex)"
                return "\(AttributeName.name(attribute.type))=\(value)"
            }.joined(separator: "+")
        }.joined(separator: ",")
    }

    /// Whether a value stands for itself (RFC 4514, section 2.4), and is ASCII that is shown.
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
    /// The library writes strings of the rarer types, and values that are none, as arrays of numbers.
    fileprivate var described: String {
        if let text = value.text { return Self(type: type, utf8String: text).description }
        return Self(type: type, utf8String: "").description + value.hex
    }

    /// RFC 4514, section 3; nil for others than the usual.
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
