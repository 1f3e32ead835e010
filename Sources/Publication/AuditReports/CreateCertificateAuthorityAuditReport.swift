public import Audit
public import Authorities
public import Authorization
internal import Foundation
internal import JSON
public import RecordKeeping
public import Storage

/// Queues a report of all certificates that an authority issued.
public struct CreateCertificateAuthorityAuditReport: Sendable {
    let authorities: AuthorityLookup
    let recorder: Recorder
    let auditReports: AuditReports?
    let clock: Clock

    /// A request for a report of all certificates of an authority, in a bucket.
    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.createCertificateAuthorityAuditReport
        public let certificateAuthority: ARN
        public let bucket: String
        public let format: AuditReportFormat

        public init(certificateAuthority: ARN, bucket: String, format: AuditReportFormat) {
            self.certificateAuthority = certificateAuthority
            self.bucket = bucket
            self.format = format
        }
    }

    /// The queued report. ``MakeAuditReports`` makes it in the background, with every certificate whose ARN
    /// was answered before.
    /// - Throws: ``CAError/invalidState(_:)`` for an authority that is not ACTIVE,
    ///   ``CAError/bucketNotFound(_:)``, and ``CAError/requestInProgress(_:)`` for a request too soon after
    ///   another
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<AuditReportRecord> {
        let (request, statement) = (authorized.request, authorized.statement)
        let authority = try await authorities.record(request.certificateAuthority)
        let now = clock.now()
        let status = try CertificateAuthorityDetails(authority, arn: request.certificateAuthority, at: now)
            .status
        // API reference, CertificateAuthorityStatus: reports are made in ACTIVE and DISABLED only.
        guard status == "ACTIVE" || status == "DISABLED" else {
            throw .invalidState(
                "The certificate authority is not in a valid state for creating an audit report: it is \(status)"
            )
        }
        guard let auditReports, auditReports.buckets.contains(request.bucket) else {
            throw .bucketNotFound(request.bucket)
        }
        let id = UUID().uuidString.lowercased()
        let report = AuditReportRecord(
            id: id, certificateAuthority: authority.id, bucket: request.bucket,
            key: "audit-report/\(authority.id)/\(id).\(request.format.fileExtension)", createdAt: now)
        let response: JSONValue = ["auditReportId": .string(id), "s3Key": .string(report.key)]
        let earliest = now.addingTimeInterval(-auditReports.minimumInterval)
        let audited: Audited<AuditReportRecord>
        do throws(StorageError) {
            audited = try await recorder.commits.commit(
                [.insertAuditReport(report, unlessOneSince: earliest)],
                answering: Answer(report, to: call, allowedBy: statement, response: response))
        } catch {
            guard case .conflict = error else { throw .storage(error) }
            throw .requestInProgress(
                "an audit report of the certificate authority \(request.certificateAuthority) was requested within the last \(Int(auditReports.minimumInterval / 60)) minutes"
            )
        }
        auditReports.queue.yield(.init(record: report, format: request.format))
        return audited
    }
}
