public import PKIX
internal import SwiftASN1
internal import X509

/// A certificate as the API returns it.
public struct IssuedChain: Sendable, Hashable {
    /// In DER.
    public let certificate: [UInt8]
    /// From its issuer up to the root, in DER.
    public let issuers: [[UInt8]]

    /// - Parameters:
    ///   - certificate: in PEM
    ///   - chain: in PEM, from the issuer up to the root; nil for a root's own certificate
    public init(certificate: String, chain: String?) throws(PEMFault) {
        self.certificate = try PEM.block(Array(certificate.utf8), labels: PEM.certificate).contents
        issuers =
            try chain.map { text throws(PEMFault) in
                try PEM.decode(Array(text.utf8), labels: PEM.certificate)
            } ?? []
    }

    /// The certificates that a TLS server sends (RFC 8446, section 4.4.2): the certificate and its issuers
    /// without the root, which clients have.
    public var served: [[UInt8]] {
        [certificate] + (issuers.last.map(Self.isSelfIssued) == true ? issuers.dropLast() : issuers)
    }

    /// The certificate in PEM, with the issuers of ``served`` or alone.
    public func pem(isFullChain: Bool) -> String {
        PEM.encode(certificates: isFullChain ? served : [certificate]) + "\n"
    }

    /// Whether the certificate is for TLS servers and has no subjectAltName. Clients identify a server only
    /// by that (RFC 9525).
    public var isServerWithoutAlternativeName: Bool {
        guard let certificate = try? Certificate(derEncoded: certificate),
            let usage = try? certificate.extensions.extendedKeyUsage, usage.contains(.serverAuth)
        else { return false }
        return certificate.extensions[oid: .X509ExtensionID.subjectAlternativeName] == nil
    }

    private static func isSelfIssued(_ der: [UInt8]) -> Bool {
        guard let fields = try? CertificateFields(derEncoded: der) else { return false }
        return fields.issuer.elementsEqual(fields.subject)
    }
}
