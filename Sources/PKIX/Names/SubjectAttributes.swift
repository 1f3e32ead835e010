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
    /// dnQualifier, ST, CN, serialNumber, L and then the rest. Throws when a custom OID is not one, or when a
    /// PrintableString attribute holds what a PrintableString cannot.
    public func distinguishedName() throws -> DistinguishedName {
        var names: [RelativeDistinguishedName] = []
        func append(_ oid: ASN1ObjectIdentifier, _ value: String?, isPrintable: Bool = false) throws {
            guard let value, !value.isEmpty else { return }
            let attribute =
                isPrintable
                ? try RelativeDistinguishedName.Attribute(type: oid, printableString: value)
                : RelativeDistinguishedName.Attribute(type: oid, utf8String: value)
            names.append(RelativeDistinguishedName(attribute))
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
        for custom in customAttributes ?? [] {
            let oid = try ASN1ObjectIdentifier(dotRepresentation: custom.objectIdentifier)
            // RFC 4519, section 2.4, and RFC 5280, appendix A.1: domainComponent and emailAddress are
            // IA5String.
            if oid == .RDNAttributeType.domainComponent || oid == .RDNAttributeType.emailAddress {
                names.append(RelativeDistinguishedName(try .init(type: oid, ia5String: custom.value)))
            } else {
                try append(oid, custom.value)
            }
        }
        return DistinguishedName(names)
    }
}
