public import Authorities
public import RecordKeeping
public import Signing

/// The use cases of documents that are made in the background: audit reports and CRLs.
public final class PublicationUseCases: Sendable {
    public let createCertificateAuthorityAuditReport: CreateCertificateAuthorityAuditReport
    public let describeCertificateAuthorityAuditReport: DescribeCertificateAuthorityAuditReport
    public let makeAuditReports: MakeAuditReports

    public let publishCertificateLists: PublishCertificateLists
    public let getCertificateRevocationList: GetCertificateRevocationList

    /// - Parameters:
    ///   - custody: must refuse every key while the log cannot be trusted
    ///   - auditReports: nil where no buckets are configured
    ///   - places: nil where no CRLs are published
    public init(
        _ context: CAContext, authorities: AuthorityUseCases, custody: any KeyCustody,
        auditReports: AuditReports?, revocation: RevocationSettings, places: CertificateListPlaces?
    ) {
        let (store, recorder, clock) = (context.store, context.recorder, context.clock)
        let dueLists = authorities.dueLists
        let authorities = authorities.authorities
        publishCertificateLists = PublishCertificateLists(
            store: store,
            maker: CertificateListMaker(
                store: store, custody: custody, cycle: context.cycle, naming: context.naming, clock: clock),
            places: places, settings: revocation, dueLists: dueLists, recorder: recorder,
            naming: context.naming, clock: clock, logger: context.logger)
        getCertificateRevocationList = GetCertificateRevocationList(
            authorities: authorities, places: places, recorder: recorder)
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
