internal import PKIX
internal import SwiftASN1
internal import X509

/// The names that a service requests for its certificate.
public struct RequestedNames: Sendable, Hashable {
    public var commonName: String?
    public var dnsNames: [String]
    public var ipAddresses: [String]
    public var uris: [String]
    public var emailAddresses: [String]

    public init(
        commonName: String? = nil, dnsNames: [String] = [], ipAddresses: [String] = [], uris: [String] = [],
        emailAddresses: [String] = []
    ) {
        self.commonName = commonName
        self.dnsNames = dnsNames
        self.ipAddresses = ipAddresses
        self.uris = uris
        self.emailAddresses = emailAddresses
    }

    /// Whether there is no name for the subjectAltName. Clients identify a server only by these names (RFC
    /// 9525).
    public var hasNoAlternativeName: Bool {
        dnsNames.isEmpty && ipAddresses.isEmpty && uris.isEmpty && emailAddresses.isEmpty
    }

    func alternativeNames() throws(LocalCertificateFailure) -> [GeneralName] {
        var names = dnsNames.map { GeneralName.dnsName($0) }
        for address in ipAddresses {
            guard let octets = IPAddress.octets(address) else {
                throw LocalCertificateFailure("`\(address)` is no IP address", .usage)
            }
            names.append(.ipAddress(ASN1OctetString(contentBytes: octets[...])))
        }
        names += uris.map { .uniformResourceIdentifier($0) }
        names += emailAddresses.map { .rfc822Name($0) }
        return names
    }

    /// A certification request (RFC 2986) for the names, in PEM.
    func request(with key: LocalKey) throws(LocalCertificateFailure) -> String {
        let names = try alternativeNames()
        do {
            let subject = try DistinguishedName { if let commonName { CommonName(commonName) } }
            let extensions = try Certificate.Extensions {
                // Critical beside an empty subject (RFC 5280, section 4.2.1.6).
                if !names.isEmpty, commonName == nil {
                    Critical(SubjectAlternativeNames(names))
                } else if !names.isEmpty {
                    SubjectAlternativeNames(names)
                }
            }
            let request = try CertificateSigningRequest(
                version: .v1, subject: subject, privateKey: key.privateKey,
                attributes: .init([.init(ExtensionRequest(extensions: extensions))]))
            return try request.serializeAsPEM().pemString
        } catch {
            throw LocalCertificateFailure(
                "no request can be made with these names: \(parseReason(error)); a name of a host has only ASCII (xn--…)",
                .usage)
        }
    }
}
