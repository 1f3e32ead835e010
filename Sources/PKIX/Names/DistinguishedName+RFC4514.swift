internal import SwiftASN1
public import X509

extension DistinguishedName {
    /// RFC 4514, the last attribute first: the library's description, without its way through arrays for the names that have
    /// nothing to escape. Every request has one.
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
            } else if attributes.contains(where: { String($0.value) == nil }) {
                text += attributes.map(\.described).joined(separator: "+")
            } else {
                text += attributes.description
            }
        }
        return text
    }

    /// Whether a value stands for itself (RFC 4514, section 2.4).
    private static func isPlain(_ value: String.UTF8View) -> Bool {
        guard let first = value.first, first != 0x20, first != UInt8(ascii: "#"), value.last != 0x20 else {
            return false
        }
        return value.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "+"), UInt8(ascii: "\""), UInt8(ascii: "\\"),
                UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ";"):
                false
            default: true
            }
        }
    }
}

extension RelativeDistinguishedName.Attribute {
    /// The library writes strings of the rarer types, and values that are none, as arrays of numbers.
    fileprivate var described: String {
        if let text = value.text { return Self(type: type, utf8String: text).description }
        return Self(type: type, utf8String: "").description + value.textOrHexadecimal
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
}
