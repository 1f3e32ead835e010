public import Foundation

public enum CreateCertificateAuthorityAuditReportOperation: WireOperation {
    public static let name = "CreateCertificateAuthorityAuditReport"

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityArn: String
        public var s3BucketName: String
        /// JSON or CSV.
        public var auditReportResponseFormat: String

        public init(certificateAuthorityArn: String, s3BucketName: String, auditReportResponseFormat: String)
        {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.s3BucketName = s3BucketName
            self.auditReportResponseFormat = auditReportResponseFormat
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.length(s3BucketName, "s3BucketName", 3...63)
            constraints.oneOf(auditReportResponseFormat, "auditReportResponseFormat", ["JSON", "CSV"])
        }
    }

    public struct Output: Codable, Sendable {
        public var auditReportId: String
        public var s3Key: String

        public init(auditReportId: String, s3Key: String) {
            self.auditReportId = auditReportId
            self.s3Key = s3Key
        }
    }
}

public enum DescribeCertificateAuthorityAuditReportOperation: WireOperation {
    public static let name = "DescribeCertificateAuthorityAuditReport"

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityArn: String
        public var auditReportId: String

        public init(certificateAuthorityArn: String, auditReportId: String) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.auditReportId = auditReportId
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.length(auditReportId, "auditReportId", 36...36)
            constraints.matches(
                auditReportId, "auditReportId",
                /[a-z0-9]{8}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{12}/,
                "[a-z0-9]{8}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{12}")
        }
    }

    public struct Output: Codable, Sendable {
        /// CREATING, SUCCESS or FAILED.
        public var auditReportStatus: String
        public var s3BucketName: String
        public var s3Key: String
        public var createdAt: Date

        public init(auditReportStatus: String, s3BucketName: String, s3Key: String, createdAt: Date) {
            self.auditReportStatus = auditReportStatus
            self.s3BucketName = s3BucketName
            self.s3Key = s3Key
            self.createdAt = createdAt
        }
    }
}
