/// Revokes a certificate on the proof of its own key.
public enum RevokeHeldCertificateOperation: WireOperation {
    public static let name = "RevokeHeldCertificate"
    public static let service = WireService.signet
    public typealias Output = EmptyOutput

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityArn: String
        /// Hexadecimal, compared as a number.
        public var certificateSerial: String
        public var revocationReason: String
        /// The signature of the certificate's key over the text of `PKIX.RevocationProof`.
        public var proofSignature: Blob

        public init(
            certificateAuthorityArn: String, certificateSerial: String, revocationReason: String,
            proofSignature: Blob
        ) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.certificateSerial = certificateSerial
            self.revocationReason = revocationReason
            self.proofSignature = proofSignature
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.length(certificateSerial, "certificateSerial", 0...128)
            constraints.oneOf(
                revocationReason, "revocationReason", RevokeCertificateOperation.Input.reasons)
            constraints.length(proofSignature, "proofSignature", 1...2048)
        }
    }
}

/// Takes a certificate that an authority signed elsewhere.
public enum ImportIssuedCertificateOperation: WireOperation {
    public static let name = "ImportIssuedCertificate"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityArn: String
        /// PEM
        public var certificate: Blob

        public init(certificateAuthorityArn: String, certificate: Blob) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.certificate = certificate
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.length(certificate, "certificate", 1...32_768)
        }
    }

    public struct Output: Codable, Sendable {
        public var certificateArn: String

        public init(certificateArn: String) { self.certificateArn = certificateArn }
    }
}
