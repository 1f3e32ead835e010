public import Authorities
public import RecordKeeping

/// The use cases of audit reports, which are made in the background.
public final class PublicationUseCases: Sendable {
    public let createCertificateAuthorityAuditReport: CreateCertificateAuthorityAuditReport
    public let describeCertificateAuthorityAuditReport: DescribeCertificateAuthorityAuditReport
    public let makeAuditReports: MakeAuditReports

    /// - Parameter auditReports: nil where no buckets are configured
    public init(_ context: CAContext, authorities: AuthorityLookup, auditReports: AuditReports?) {
        createCertificateAuthorityAuditReport = CreateCertificateAuthorityAuditReport(
            authorities: authorities, recorder: context.recorder, auditReports: auditReports,
            clock: context.clock)
        describeCertificateAuthorityAuditReport = DescribeCertificateAuthorityAuditReport(
            store: context.store, authorities: authorities, recorder: context.recorder)
        makeAuditReports = MakeAuditReports(
            store: context.store, recorder: context.recorder, auditReports: auditReports,
            naming: context.naming, clock: context.clock, logger: context.logger)
    }
}
