public import Foundation

/// The record of an authority's audit report (CreateCertificateAuthorityAuditReport). The report itself is a
/// file.
public struct AuditReportRecord: Sendable, Hashable {
    /// The API's `AuditReportStatus`.
    public enum Status: String, Sendable, Hashable {
        case creating = "CREATING"
        case success = "SUCCESS"
        case failed = "FAILED"
    }

    /// A lower-case UUID.
    public var id: String
    /// The id of its authority.
    public var certificateAuthority: String
    /// The API's `S3BucketName`.
    public var bucket: String
    /// The API's `S3Key`.
    public var key: String
    public var status: Status
    public var createdAt: Date

    public init(
        id: String, certificateAuthority: String, bucket: String, key: String, status: Status = .creating,
        createdAt: Date
    ) {
        self.id = id
        self.certificateAuthority = certificateAuthority
        self.bucket = bucket
        self.key = key
        self.status = status
        self.createdAt = createdAt
    }
}
