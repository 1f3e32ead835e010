/// Creates the record of a certificate authority whose key is on a token already and whose certificate
/// exists.
public enum AdoptCertificateAuthorityOperation: WireOperation {
    public static let name = "AdoptCertificateAuthority"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        /// CKA_ID in hexadecimal digits.
        public var keyIdentifier: String
        /// PEM, as for ImportCertificateAuthorityCertificate.
        public var certificate: Blob
        public var certificateChain: Blob?

        public init(keyIdentifier: String, certificate: Blob, certificateChain: Blob?) {
            self.keyIdentifier = keyIdentifier
            self.certificate = certificate
            self.certificateChain = certificateChain
        }

        public func check(_ constraints: inout Constraints) {
            constraints.length(keyIdentifier, "keyIdentifier", 2...128)
            constraints.length(certificate, "certificate", 1...32_768)
            constraints.length(certificateChain, "certificateChain", 0...2_097_152)
        }
    }

    public struct Output: Codable, Sendable {
        public var certificateAuthorityArn: String
        public init(certificateAuthorityArn: String) {
            self.certificateAuthorityArn = certificateAuthorityArn
        }
    }
}
