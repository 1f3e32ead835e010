public import Authorities
public import RecordKeeping
public import Signing

/// The use cases of documents that are made in the background: audit reports, CRLs and
/// OCSP responses.
public final class PublicationUseCases: Sendable {
    public let createCertificateAuthorityAuditReport: CreateCertificateAuthorityAuditReport
    public let describeCertificateAuthorityAuditReport: DescribeCertificateAuthorityAuditReport
    public let makeAuditReports: MakeAuditReports

    public let publishCertificateLists: PublishCertificateLists
    public let getCertificateRevocationList: GetCertificateRevocationList
    public let importCertificateRevocationList: ImportCertificateRevocationList
    public let describeRevocation: DescribeRevocation
    public let maintainResponders: MaintainResponders
    public let getOCSPResponse: GetOCSPResponse
    public let endStatusBatches: EndStatusBatches

    /// - Parameters:
    ///   - custody: must refuse every key while the log cannot be trusted
    ///   - auditReports: nil where no buckets are configured
    ///   - places: nil where no CRLs are published
    public init(
        _ context: CAContext, authorities: AuthorityUseCases, custody: any KeyCustody,
        auditReports: AuditReports?, revocation: RevocationSettings, places: CertificateListPlaces?
    ) {
        let (store, recorder, clock) = (context.store, context.recorder, context.clock)
        let (naming, logger) = (context.naming, context.logger)
        let (dueLists, dueResponders) = (authorities.dueLists, authorities.dueResponders)
        let compared = ComparedLists()
        let responders = Responders(
            store: store, custody: custody, cycle: context.cycle, settings: revocation.ocsp,
            scope: naming.scope, clock: clock, logger: logger)
        maintainResponders = MaintainResponders(
            store: store, custody: custody, cycle: context.cycle, responders: responders,
            settings: revocation.ocsp, dueResponders: dueResponders, recorder: recorder, naming: naming,
            clock: clock, randomBytes: context.randomBytes, logger: logger)
        getOCSPResponse = GetOCSPResponse(
            store: store,
            authorities: StatusAuthorities(store: store, naming: naming, clock: clock),
            responders: responders, compared: compared, publishesLists: places != nil,
            settings: revocation.ocsp, clock: clock, ownKey: OwnKeyResponses(clock: clock),
            failures: StatusFailures(logger: logger))
        endStatusBatches = EndStatusBatches(responders: responders, clock: clock)
        let authorities = authorities.authorities
        publishCertificateLists = PublishCertificateLists(
            store: store,
            maker: CertificateListMaker(
                store: store, custody: custody, cycle: context.cycle, naming: context.naming, clock: clock),
            places: places, settings: revocation, dueLists: dueLists, compared: compared,
            recorder: recorder, naming: naming, clock: clock, logger: logger)
        getCertificateRevocationList = GetCertificateRevocationList(
            store: store, authorities: authorities, places: places, recorder: recorder)
        importCertificateRevocationList = ImportCertificateRevocationList(
            store: store, authorities: authorities, places: places, recorder: recorder, dueLists: dueLists,
            clock: clock)
        describeRevocation = DescribeRevocation(
            store: store, authorities: authorities, recorder: recorder)
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
