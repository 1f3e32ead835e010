internal import SwiftASN1
public import X509

/// A subject name in the parts of the API's `ASN1Subject`: either standard attributes or custom ones.
public struct SubjectAttributes: Sendable, Hashable, Codable {
    public var country: String?
    public var organization: String?
    public var organizationalUnit: String?
    public var distinguishedNameQualifier: String?
    public var state: String?
    public var commonName: String?
    public var serialNumber: String?
    public var locality: String?
    public var title: String?
    public var surname: String?
    public var givenName: String?
    public var initials: String?
    public var pseudonym: String?
    public var generationQualifier: String?
    public var customAttributes: [CustomAttribute]?

    public struct CustomAttribute: Sendable, Hashable, Codable {
        /// Dotted decimal.
        public var objectIdentifier: String
        public var value: String

        public init(objectIdentifier: String, value: String) {
            self.objectIdentifier = objectIdentifier
            self.value = value
        }
    }

    public init() {}

    /// The name, with one attribute in each RDN. Standard attributes have the order of AWS Private CA's CSRs:
    /// C, O, OU, dnQualifier, ST, CN, serialNumber, L and then the rest. Custom attributes keep their order.
    /// Throws when a custom OID is malformed, or when a value does not fit the attribute's string type.
    public func distinguishedName() throws -> DistinguishedName {
        var names: [RelativeDistinguishedName] = []
        func append(_ oid: ASN1ObjectIdentifier, _ value: String?, isPrintable: Bool = false) throws {
            guard let value, !value.isEmpty else { return }
            guard isPrintable else {
                names.append(RelativeDistinguishedName(.init(type: oid, utf8String: value)))
                return
            }
            try Self.require(value, fits: .printableString, of: oid)
            names.append(RelativeDistinguishedName(try .init(type: oid, printableString: value)))
        }
        // RFC 5280, appendix A.1: countryName, dnQualifier and serialNumber are PrintableString.
        try append([2, 5, 4, 6], country, isPrintable: true)
        try append([2, 5, 4, 10], organization)
        try append([2, 5, 4, 11], organizationalUnit)
        try append([2, 5, 4, 46], distinguishedNameQualifier, isPrintable: true)
        try append([2, 5, 4, 8], state)
        try append([2, 5, 4, 3], commonName)
        try append([2, 5, 4, 5], serialNumber, isPrintable: true)
        try append([2, 5, 4, 7], locality)
        try append([2, 5, 4, 12], title)
        try append([2, 5, 4, 4], surname)
        try append([2, 5, 4, 42], givenName)
        try append([2, 5, 4, 43], initials)
        try append([2, 5, 4, 65], pseudonym)
        try append([2, 5, 4, 44], generationQualifier)
        for custom in customAttributes ?? [] where !custom.value.isEmpty {
            guard let oid = ASN1ObjectIdentifier(dotted: custom.objectIdentifier) else {
                throw ParseFault("`\(custom.objectIdentifier)` is not an object identifier")
            }
            names.append(RelativeDistinguishedName(try Self.attribute(oid, custom.value)))
        }
        return DistinguishedName(names)
    }

    /// Throws, naming the attribute and the position, when the string type lacks a character of the value.
    private static func require(
        _ value: String, fits string: CharacterString, of type: ASN1ObjectIdentifier
    ) throws {
        guard let place = string.read(Array(value.utf8)[...]).misfit else { return }
        throw ParseFault(
            "the attribute \(AttributeName.name(type)) is a\(string == .ia5String ? "n" : "") \(string.name), which cannot hold its octet "
                + "\(place)")
    }

    /// An attribute with the string type that the standards give it, so that custom attributes can express
    /// every name.
    private static func attribute(
        _ type: ASN1ObjectIdentifier, _ value: String
    ) throws -> RelativeDistinguishedName.Attribute {
        var serializer = DER.Serializer()
        try serializer.serialize(type)
        var elements = DERElements(serializer.serializedBytes[...])
        let contents = elements.next()?.contents ?? []
        let strings = AttributeSyntax(of: contents).strings
        if case .only(let string) = strings { try require(value, fits: string, of: type) }
        return switch strings {
        case .only(.printableString): try .init(type: type, printableString: value)
        case .only(.ia5String): try .init(type: type, ia5String: value)
        case .only(.numericString):
            .init(
                type: type,
                value: .init(
                    asn1Any: try ASN1Any(
                        derEncoded: DERElements.encoded(
                            tag: CharacterString.numericString.rawValue, contents: Array(value.utf8)))))
        default: .init(type: type, utf8String: value)
        }
    }
}
