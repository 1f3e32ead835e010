internal import Audit
internal import Authorization
internal import Publication
internal import RecordKeeping
internal import Storage
internal import WireAPI

enum AuditReportOperations {
    static let all: [Endpoint] = [
        createCertificateAuthorityAuditReport, describeCertificateAuthorityAuditReport,
    ]

    static let createCertificateAuthorityAuditReport = Endpoint(
        CreateCertificateAuthorityAuditReportOperation.self, canWait: true
    ) { input, call in
        guard let format = AuditReportFormat(rawValue: input.auditReportResponseFormat) else {
            throw CAError.invalidArguments("the AuditReportResponseFormat must be JSON or CSV")
        }
        let request = CreateCertificateAuthorityAuditReport.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn), bucket: input.s3BucketName,
            format: format)
        let authorized = try await call.authorize(request)
        return try await call.publication.createCertificateAuthorityAuditReport(
            authorized, call: call.event
        ).map { .init(auditReportId: $0.id, s3Key: $0.key) }
    }

    static let describeCertificateAuthorityAuditReport = Endpoint(
        DescribeCertificateAuthorityAuditReportOperation.self
    ) { input, call in
        let request = DescribeCertificateAuthorityAuditReport.Request(
            certificateAuthority: try parseARN(input.certificateAuthorityArn), id: input.auditReportId)
        let authorized = try await call.authorize(request)
        return try await call.publication.describeCertificateAuthorityAuditReport(
            authorized, for: call.event
        ).map {
            .init(
                auditReportStatus: $0.status.rawValue, s3BucketName: $0.bucket, s3Key: $0.key,
                createdAt: $0.createdAt)
        }
    }
}
