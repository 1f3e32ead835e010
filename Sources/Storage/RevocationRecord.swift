public import Foundation
internal import PKIX

/// The revocation of a certificate. It is final.
public struct RevocationRecord: Sendable, Hashable {
    /// The API's reasons (API reference, RevokeCertificate).
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        case unspecified = "UNSPECIFIED"
        case keyCompromise = "KEY_COMPROMISE"
        case certificateAuthorityCompromise = "CERTIFICATE_AUTHORITY_COMPROMISE"
        case affiliationChanged = "AFFILIATION_CHANGED"
        case superseded = "SUPERSEDED"
        case cessationOfOperation = "CESSATION_OF_OPERATION"
        case privilegeWithdrawn = "PRIVILEGE_WITHDRAWN"
        case aACompromise = "A_A_COMPROMISE"
    }

    /// The id of the authority that issued the certificate.
    public var certificateAuthority: String
    /// Big-endian, without leading zeros.
    public var serialNumber: [UInt8]
    /// In whole seconds.
    public var revokedAt: Date
    public var reason: Reason
    /// The end of the certificate's validity, in whole seconds.
    public var notAfter: Date

    public init(
        certificateAuthority: String, serialNumber: [UInt8], revokedAt: Date, reason: Reason, notAfter: Date
    ) {
        self.certificateAuthority = certificateAuthority
        self.serialNumber = serialNumber
        self.revokedAt = revokedAt
        self.reason = reason
        self.notAfter = notAfter
    }
}

/// The newest signed CRL of an authority.
public struct CertificateListRecord: Sendable, Hashable {
    /// The id of the authority.
    public var certificateAuthority: String
    /// The partition whose certificates it has; nil for the complete CRL.
    public var partition: Partition?
    /// cRLNumber (RFC 5280, section 5.2.3).
    public var number: Int64
    public var thisUpdate: Date
    public var nextUpdate: Date
    public var entries: Int
    /// The place of the last revocation in it, in the order of revocations; 0 for none.
    public var lastRevocation: Int64
    /// SHA-256 of its DER.
    public var digest: [UInt8]

    /// Which certificates a CRL of a partition is about.
    public struct Partition: Sendable, Hashable {
        /// From 0.
        public var index: Int
        /// The URLs in its issuingDistributionPoint.
        public var urls: [String]

        public init(index: Int, urls: [String]) {
            self.index = index
            self.urls = urls
        }
    }

    public init(
        certificateAuthority: String, partition: Partition? = nil, number: Int64, thisUpdate: Date,
        nextUpdate: Date, entries: Int,
        lastRevocation: Int64, digest: [UInt8]
    ) {
        self.certificateAuthority = certificateAuthority
        self.partition = partition
        self.number = number
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.entries = entries
        self.lastRevocation = lastRevocation
        self.digest = digest
    }
}

/// How relying parties learn of an authority's revocations (API reference, RevocationConfiguration). It
/// decides what certificates say; a CRL exists whatever it says.
public struct RevocationConfiguration: Sendable, Hashable, Codable {
    /// An enabled CrlConfiguration.
    public struct CertificateLists: Sendable, Hashable, Codable {
        public var expirationInDays: Int
        public var customCname: String?
        public var customPath: String?
        /// A bucket of the daemon's configuration that gets a copy; nil for none.
        public var bucket: String?
        /// The API's value, which is echoed. Directories have owners and modes in its place.
        public var objectACL: String?
        /// Whether certificates have no distribution point.
        public var omitsExtension: Bool
        /// Whether new certificates name the CRL of a partition (`CrlType`, PARTITIONED).
        public var isPartitioned: Bool

        public init(
            expirationInDays: Int, customCname: String? = nil, customPath: String? = nil,
            bucket: String? = nil, objectACL: String? = nil, omitsExtension: Bool = false,
            isPartitioned: Bool = false
        ) {
            self.expirationInDays = expirationInDays
            self.customCname = customCname
            self.customPath = customPath
            self.bucket = bucket
            self.objectACL = objectACL
            self.omitsExtension = omitsExtension
            self.isPartitioned = isPartitioned
        }

        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            expirationInDays = try members.decode(Int.self, forKey: .expirationInDays)
            customCname = try members.decodeIfPresent(String.self, forKey: .customCname)
            customPath = try members.decodeIfPresent(String.self, forKey: .customPath)
            bucket = try members.decodeIfPresent(String.self, forKey: .bucket)
            objectACL = try members.decodeIfPresent(String.self, forKey: .objectACL)
            omitsExtension = try members.decode(Bool.self, forKey: .omitsExtension)
            // Databases of earlier versions lack it.
            isPartitioned = try members.decodeIfPresent(Bool.self, forKey: .isPartitioned) ?? false
        }
    }

    /// An enabled OcspConfiguration.
    public struct Status: Sendable, Hashable, Codable {
        public var customCname: String?

        public init(customCname: String? = nil) { self.customCname = customCname }
    }

    /// The division of an authority's CRL (`CrlType`, PARTITIONED). It stays after it was given up, because older
    /// certificates name their partitions.
    public struct Partitions: Sendable, Hashable, Codable {
        /// Never changes.
        public var count: Int
        /// The bases of the URLs that certificates got, which lack the index and `.crl` at the end. New certificates get the last.
        public var urls: [String]

        public init(count: Int, urls: [String]) {
            self.count = count
            self.urls = urls
        }

        /// The URLs of one partition.
        public func urls(of index: Int) -> [String] { urls.map { ListPartition.url($0, index: index) } }
    }

    /// Nil where it is not enabled.
    public var certificateLists: CertificateLists?
    /// Nil for an authority whose CRL was never divided.
    public var partitions: Partitions?
    /// Nil where it is not enabled.
    public var status: Status?

    public init(
        certificateLists: CertificateLists? = nil, partitions: Partitions? = nil, status: Status? = nil
    ) {
        self.certificateLists = certificateLists
        self.partitions = partitions
        self.status = status
    }
}
