public import Audit
public import Authorization
public import Storage

public struct DescribeCertificateAuthorityAuditReport: CertificateAuthorityRequest {
    public static let action = Action.describeCertificateAuthorityAuditReport
    public let certificateAuthority: ARN
    /// A lower-case UUID.
    public let id: String

    public init(certificateAuthority: ARN, id: String) {
        self.certificateAuthority = certificateAuthority
        self.id = id
    }
}

extension CertificateAuthorities {
    /// A report of this authority; another's is not found.
    public func describeCertificateAuthorityAuditReport(
        _ authorized: consuming Authorized<DescribeCertificateAuthorityAuditReport>, for call: APICall
    ) async throws(CAError) -> Audited<AuditReportRecord> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: DescribeCertificateAuthorityAuditReport
    ) async throws(CAError) -> AuditReportRecord {
        let authority = try await record(request.certificateAuthority)
        let report: AuditReportRecord?
        do { report = try await store.auditReport(request.id) } catch { throw .storage(error) }
        guard let report, report.certificateAuthority == authority.id else {
            throw .auditReportNotFound(request.id)
        }
        return report
    }
}
