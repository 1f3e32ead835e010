public import Audit
public import Authorities
public import Authorization
public import RecordKeeping
public import Storage

/// Shows the status of an audit report.
public struct DescribeCertificateAuthorityAuditReport: Sendable {
    let store: any AuditReportStore
    let authorities: AuthorityLookup
    let recorder: Recorder

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.describeCertificateAuthorityAuditReport
        public let certificateAuthority: ARN
        /// A lower-case UUID.
        public let id: String

        public init(certificateAuthority: ARN, id: String) {
            self.certificateAuthority = certificateAuthority
            self.id = id
        }
    }

    /// The report, if it belongs to this authority; otherwise it is not found.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<AuditReportRecord> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let authority = try await authorities.record(request.certificateAuthority)
            let report: AuditReportRecord?
            do throws(StorageError) { report = try await store.auditReport(request.id) } catch {
                throw .storage(error)
            }
            guard let report, report.certificateAuthority == authority.id else {
                throw .auditReportNotFound(request.id)
            }
            return report
        }
    }
}
