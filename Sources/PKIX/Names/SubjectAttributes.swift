internal import SwiftASN1
public import X509

/// A subject name in the parts the API takes it in (`ASN1Subject`). Either standard attributes or custom
/// ones.
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

    /// The name, one attribute to an RDN, in the order in which AWS Private CA writes its CSRs: C, O, OU,
    /// dnQualifier, ST, CN, serialNumber, L and then the rest; custom attributes in the order in which they stand. Throws when
    /// a custom OID is not one, or when an attribute holds what its string type cannot.
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

    /// Throws with the attribute and the place when its string type does not have a character.
    private static func require(
        _ value: String, fits string: CharacterString, of type: ASN1ObjectIdentifier
    ) throws {
        guard let place = string.read(Array(value.utf8)[...]).misfit else { return }
        throw ParseFault(
            "the attribute \(AttributeName.name(type)) is a\(string == .ia5String ? "n" : "") \(string.name), which cannot hold its octet "
                + "\(place)")
    }

    /// In the string type that the standards give the attribute, so that custom attributes can say every name.
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
