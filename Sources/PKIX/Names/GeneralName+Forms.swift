internal import Identifiers
public import SwiftASN1
public import X509

extension GeneralName {
    /// An otherName with a UTF8String, such as a user principal name or an XMPP address (RFC 6120, section
    /// 13.7.1.4), or with an IA5String, such as the name of a service (RFC 4985, section 2).
    /// - Throws: when the text does not fit the string type
    public static func otherName(
        _ type: ASN1ObjectIdentifier, text value: String
    ) throws -> GeneralName {
        let isService = type == [1, 3, 6, 1, 5, 5, 7, 8, 7]
        return .otherName(
            OtherName(
                typeID: type,
                value: isService
                    ? try ASN1Any(erasing: ASN1IA5String(value)) : try ASN1Any(erasing: ASN1UTF8String(value))
            ))
    }

    /// `EDIPartyName` (RFC 5280, section 4.2.1.6), with UTF8Strings.
    public static func ediPartyName(_ partyName: String, nameAssigner: String?) throws -> GeneralName {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(
            identifier: .init(tagWithNumber: 5, tagClass: .contextSpecific)
        ) { coder in
            if let nameAssigner {
                try coder.serialize(
                    ASN1UTF8String(nameAssigner), explicitlyTaggedWithTagNumber: 0,
                    tagClass: .contextSpecific)
            }
            try coder.serialize(
                ASN1UTF8String(partyName), explicitlyTaggedWithTagNumber: 1, tagClass: .contextSpecific)
        }
        return try GeneralName(derEncoded: serializer.serializedBytes)
    }

    /// The usual text form: `DNS:a.example`, `IP:192.0.2.1`.
    public var text: String {
        switch self {
        case .dnsName(let name): "DNS:\(name)"
        case .rfc822Name(let name): "email:\(name)"
        case .uniformResourceIdentifier(let name): "URI:\(name)"
        case .ipAddress(let octets): "IP:\(IPAddress.text(octets.bytes))"
        case .directoryName(let name): "directory:\(name.rfc4514)"
        case .registeredID(let oid): "RID:\(oid.dotted)"
        case .otherName(let name): "other:\(name.typedValue)"
        case .x400Address(let value): "X.400:\(Self.valueText(value))"
        case .ediPartyName(let value): "EDI:\(Self.valueText(value))"
        }
    }

    /// A value of any type. A string has its type before it, as in OpenSSL's configuration, such as
    /// `UTF8:administrator@ad.example`. Another value is `DER:` and its DER in hexadecimal.
    public static func valueText(_ value: ASN1Any) -> String {
        var serializer = DER.Serializer()
        // A parsed value can always be encoded.
        try? serializer.serialize(value)
        var elements = DERElements(serializer.serializedBytes[...])
        if let element = elements.next(), let type = CharacterString(rawValue: element.tag),
            let text = type.text(element.contents)
        {
            return "\(type.prefix):\(text)"
        }
        return "DER:\(hexadecimal(serializer.serializedBytes))"
    }
}

extension GeneralName.OtherName {
    /// Its type and its value, such as `1.3.6.1.4.1.311.20.2.3;UTF8:administrator@ad.example`. Without a
    /// value, the type and a semicolon.
    public var typedValue: String { "\(typeID);\(value.map(GeneralName.valueText) ?? "")" }
}

extension CharacterString {
    /// The prefix of OpenSSL (`ASN1_generate_nconf`).
    fileprivate var prefix: String {
        switch self {
        case .utf8String: "UTF8"
        case .numericString: "NUMERIC"
        case .printableString: "PRINTABLE"
        case .teletexString: "T61"
        case .ia5String: "IA5"
        case .visibleString: "VISIBLE"
        case .generalString: "GENSTR"
        case .universalString: "UNIV"
        case .bmpString: "BMP"
        }
    }
}
