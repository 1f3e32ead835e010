public import Foundation

/// Shows how fresh an authority's CRL and its OCSP responder are.
public enum DescribeRevocationOperation: WireOperation {
    public static let name = "DescribeRevocation"
    public static let service = WireService.signet
    public static let action = DescribeCertificateAuthorityOperation.action
    public typealias Input = CertificateAuthorityArnInput

    public struct Output: Codable, Sendable {
        /// Absent before the first.
        public var certificateRevocationList: ListShape?
        /// Absent for an authority whose CRL was never divided.
        public var partitionedLists: PartitionsShape?
        /// Absent without a responder.
        public var ocspResponder: ResponderShape?

        public init(certificateRevocationList: ListShape?, ocspResponder: ResponderShape?) {
            self.certificateRevocationList = certificateRevocationList
            self.ocspResponder = ocspResponder
        }
    }

    public struct ListShape: Codable, Sendable {
        /// The CRL number, in decimal.
        public var number: String
        public var entries: Int
        public var thisUpdate: Date
        public var nextUpdate: Date

        public init(number: String, entries: Int, thisUpdate: Date, nextUpdate: Date) {
            self.number = number
            self.entries = entries
            self.thisUpdate = thisUpdate
            self.nextUpdate = nextUpdate
        }
    }

    /// The CRLs of partitions.
    public struct PartitionsShape: Codable, Sendable {
        /// How many there are.
        public var count: Int
        /// How many were signed.
        public var signed: Int
        /// When the first of those that were signed ends.
        public var nextUpdate: Date?

        public init(count: Int, signed: Int, nextUpdate: Date?) {
            self.count = count
            self.signed = signed
            self.nextUpdate = nextUpdate
        }
    }

    public struct ResponderShape: Codable, Sendable {
        public var notBefore: Date
        public var notAfter: Date

        public init(notBefore: Date, notAfter: Date) {
            self.notBefore = notBefore
            self.notAfter = notAfter
        }
    }
}
