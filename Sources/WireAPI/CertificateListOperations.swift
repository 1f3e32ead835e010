public import Foundation

/// Shows an authority's newest CRL.
public enum GetCertificateRevocationListOperation: WireOperation {
    public static let name = "GetCertificateRevocationList"
    public static let service = WireService.signet
    public typealias Input = CertificateAuthorityArnInput

    public struct Output: Codable, Sendable {
        /// DER
        public var certificateRevocationList: Blob
        /// The CRL number (RFC 5280, section 5.2.3), in decimal.
        public var number: String
        public var thisUpdate: Date
        public var nextUpdate: Date?
        /// How many certificates are in it.
        public var entries: Int
        /// DER of the imported CRLs of authorities above it.
        public var chainCertificateRevocationLists: [Blob]

        public init(
            certificateRevocationList: Blob, number: String, thisUpdate: Date, nextUpdate: Date?,
            entries: Int, chainCertificateRevocationLists: [Blob]
        ) {
            self.certificateRevocationList = certificateRevocationList
            self.number = number
            self.thisUpdate = thisUpdate
            self.nextUpdate = nextUpdate
            self.entries = entries
            self.chainCertificateRevocationLists = chainCertificateRevocationLists
        }
    }
}

/// Takes the CRL of an authority above one of the daemon's.
public enum ImportCertificateRevocationListOperation: WireOperation {
    public static let name = "ImportCertificateRevocationList"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        /// An authority whose chain has the issuer.
        public var certificateAuthorityArn: String
        /// DER or PEM.
        public var certificateRevocationList: Blob

        public init(certificateAuthorityArn: String, certificateRevocationList: Blob) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.certificateRevocationList = certificateRevocationList
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.length(certificateRevocationList, "certificateRevocationList", 1...3_000_000)
        }
    }

    public struct Output: Codable, Sendable {
        /// The CRL is served as `/crl/Id.crl`.
        public var id: String
        public var issuer: String
        public var nextUpdate: Date

        public init(id: String, issuer: String, nextUpdate: Date) {
            self.id = id
            self.issuer = issuer
            self.nextUpdate = nextUpdate
        }
    }
}
