public import X509

/// authorityKeyIdentifier by its octets (RFC 5280, section 4.2.1.1).
public struct AuthorityKeyReference: Sendable {
    /// Nil when it has none.
    public let keyIdentifier: ArraySlice<UInt8>?
    public let authorityCertIssuer: [GeneralName]?
    /// The contents octets of authorityCertSerialNumber.
    public let authorityCertSerialNumber: ArraySlice<UInt8>?

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        keyIdentifier = try reader.optional(.context(0), "keyIdentifier")?.contents
        if let issuer = try reader.optional(.constructedContext(1), "authorityCertIssuer") {
            authorityCertIssuer = try DERReader.generalNames(issuer, "authorityCertIssuer")
        } else {
            authorityCertIssuer = nil
        }
        let serial = try reader.optional(.context(2), "authorityCertSerialNumber")?.contents
        if serial?.isEmpty == true {
            throw SyntaxFault(place: "authorityCertSerialNumber", problem: "has no octet")
        }
        authorityCertSerialNumber = serial
        try reader.end()
    }
}
