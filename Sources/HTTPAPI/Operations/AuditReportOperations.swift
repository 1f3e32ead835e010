internal import Authorization
internal import CA
internal import Storage
internal import WireAPI

extension Endpoint {
    static let createCertificateAuthorityAuditReport = Endpoint(
        CreateCertificateAuthorityAuditReportOperation.self, canWait: true
    ) { input, call in
        guard let format = AuditReportFormat(rawValue: input.auditReportResponseFormat) else {
            throw CAError.invalidArguments("the AuditReportResponseFormat must be JSON or CSV")
        }
        let request = CreateCertificateAuthorityAuditReport(
            certificateAuthority: try parseARN(input.certificateAuthorityArn), bucket: input.s3BucketName,
            format: format)
        let authorized = try await call.authorize(request)
        let report = try await call.authorities.createCertificateAuthorityAuditReport(
            authorized, call: call.event)
        return (.init(auditReportId: report.id, s3Key: report.key), unrecorded: nil)
    }

    static let describeCertificateAuthorityAuditReport = Endpoint(
        DescribeCertificateAuthorityAuditReportOperation.self
    ) { input, call in
        let request = DescribeCertificateAuthorityAuditReport(
            certificateAuthority: try parseARN(input.certificateAuthorityArn), id: input.auditReportId)
        let authorized = try await call.authorize(request)
        let statement = authorized.statement
        let report = try await call.authorities.describeCertificateAuthorityAuditReport(authorized)
        return (
            .init(
                auditReportStatus: report.status.rawValue, s3BucketName: report.bucket, s3Key: report.key,
                createdAt: report.createdAt), unrecorded: statement
        )
    }
}
