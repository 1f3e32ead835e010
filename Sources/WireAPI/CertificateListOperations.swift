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

        public init(
            certificateRevocationList: Blob, number: String, thisUpdate: Date, nextUpdate: Date?, entries: Int
        ) {
            self.certificateRevocationList = certificateRevocationList
            self.number = number
            self.thisUpdate = thisUpdate
            self.nextUpdate = nextUpdate
            self.entries = entries
        }
    }
}
