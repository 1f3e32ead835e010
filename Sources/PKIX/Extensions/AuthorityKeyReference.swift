public import X509

/// The fields of authorityKeyIdentifier as octets (RFC 5280, section 4.2.1.1).
public struct AuthorityKeyReference: Sendable {
    /// Nil when the extension has none.
    public let keyIdentifier: ArraySlice<UInt8>?
    public let authorityCertIssuer: [GeneralName]?
    /// The contents octets of authorityCertSerialNumber.
    public let authorityCertSerialNumber: ArraySlice<UInt8>?

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        keyIdentifier = try reader.implicit(0, .octetString, "keyIdentifier")?.contents
        if let issuer = try reader.implicit(1, .sequence, "authorityCertIssuer") {
            authorityCertIssuer = try DERReader.generalNames(issuer, "authorityCertIssuer")
        } else {
            authorityCertIssuer = nil
        }
        authorityCertSerialNumber = try reader.implicit(2, .integer, "authorityCertSerialNumber")?.contents
        // RFC 5280, section 4.1.2.2: at most 20 octets, and not negative.
        if let serial = authorityCertSerialNumber,
            serial.count > 20 || serial.first.map({ $0 >= 0x80 }) == true
        {
            throw SyntaxFault(
                place: "authorityCertSerialNumber", problem: "is not a number from 0 on of at most 20 octets")
        }
        try reader.end()
    }
}
