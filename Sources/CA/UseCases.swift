internal import Authorization
public import Foundation
public import Logging
public import Signing
public import Storage

/// The use cases, put together: each is a value with what it uses, and is called by its name.
public struct UseCases: Sendable {
    /// What an operator decided.
    public struct Settings: Sendable {
        public var naming: ARNNaming
        public var issuance: IssuanceSettings
        /// Seconds a request waits for officers.
        public var approvalLifetime: TimeInterval = 72 * 3600
        /// Seconds that a request which ended is kept after its time is over.
        public var approvalRetention: TimeInterval = 90 * 86_400
        /// Nil for a log without checkpoints.
        public var log: LogIdentity?
        /// Nil where no buckets are configured.
        public var auditReports: AuditReports?

        public init(naming: ARNNaming, issuance: IssuanceSettings) {
            self.naming = naming
            self.issuance = issuance
        }
    }

    public let settings: Settings
    public let recorder: Recorder
    public let resources: ResourceLookup
    public let approvals: ApprovalLookup

    // MARK: Authorities

    public let createCertificateAuthority: CreateCertificateAuthority
    public let describeCertificateAuthority: DescribeCertificateAuthority
    public let listCertificateAuthorities: ListCertificateAuthorities
    public let getCertificateAuthorityCsr: GetCertificateAuthorityCsr
    public let getCertificateAuthorityCertificate: GetCertificateAuthorityCertificate
    public let importCertificateAuthorityCertificate: ImportCertificateAuthorityCertificate
    public let adoptCertificateAuthority: AdoptCertificateAuthority

    // MARK: Certificates

    public let issueCertificate: IssueCertificate
    public let getCertificate: GetCertificate
    public let listTemplates: ListTemplates

    // MARK: Policies, permissions, tags

    public let putPolicy: PutPolicy
    public let getPolicy: GetPolicy
    public let deletePolicy: DeletePolicy
    public let createPermission: CreatePermission
    public let deletePermission: DeletePermission
    public let listPermissions: ListPermissions
    public let tagCertificateAuthority: TagCertificateAuthority
    public let untagCertificateAuthority: UntagCertificateAuthority
    public let listTags: ListTags

    // MARK: Tokens

    public let listTokens: ListTokens
    public let drainToken: DrainToken
    public let resumeToken: ResumeToken
    public let reportUnrecordedKeys: ReportUnrecordedKeys

    // MARK: Approvals

    public let requestApproval: RequestApproval
    public let requestCertificateApproval: RequestCertificateApproval
    public let listApprovals: ListApprovals
    public let approveRequest: ApproveRequest
    public let rejectRequest: RejectRequest
    public let concludeApproval: ConcludeApproval
    public let endApprovals: EndApprovals

    // MARK: Audit log

    public let checkpoints: LogCheckpoints
    public let cosignCheckpoint: CosignCheckpoint
    public let compareLog: CompareLog
    public let resumeRecord: ResumeRecord
    public let listAuditEvents: ListAuditEvents
    public let getAuditEvent: GetAuditEvent
    public let getEventProof: GetEventProof
    public let getIssuanceReceipt: GetIssuanceReceipt
    public let getCheckpoint: GetCheckpoint

    // MARK: Audit reports

    public let createCertificateAuthorityAuditReport: CreateCertificateAuthorityAuditReport
    public let describeCertificateAuthorityAuditReport: DescribeCertificateAuthorityAuditReport
    public let makeAuditReports: MakeAuditReports

    public let concludeUnfinishedWork: ConcludeUnfinishedWork

    public init(
        store: any Store, custody: any KeyCustody, inventory: any TokenInventory, settings: Settings,
        logger: Logger, clock: Clock = .system, randomBytes: RandomBytes = .system
    ) {
        let naming = settings.naming
        let (keysInUse, interruption) = (KeysInUse(), RecordInterruption())
        let (fault, unrecordedKeys) = (LogFault(), UnrecordedKeys())
        let commits = WatchedCommits(
            store: store, keysInUse: keysInUse, interruption: interruption, naming: naming, clock: clock)
        let recorder = Recorder(commits: commits, interruption: interruption, clock: clock, logger: logger)
        let cycle = SigningCycle(store: commits, scope: naming.scope) { clock.now() }
        let guarded = LogGuardedCustody(custody, fault)

        let authorities = AuthorityLookup(store: store, naming: naming)
        let certificates = CertificateLookup(store: store, authorities: authorities, naming: naming)
        let approvals = ApprovalLookup(store: store, recorder: recorder, naming: naming, clock: clock)
        let resources = ResourceLookup(authorities: authorities, naming: naming)
        let changes = AuthorityChanges(authorities: authorities, recorder: recorder)
        let claims = ClaimLookup(store: store)
        let issuers = IssuerLookup(naming: naming, settings: settings.issuance)
        let keyOwners = KeyOwners(store: store, keysInUse: keysInUse, naming: naming)
        let creation = AuthorityCreation(
            custody: guarded, cycle: cycle, recorder: recorder, naming: naming, clock: clock, logger: logger)
        let checkpoints = LogCheckpoints(
            store: store, custody: guarded, cycle: cycle, recorder: recorder, naming: naming, clock: clock,
            randomBytes: randomBytes, unrecordedKeys: unrecordedKeys, identity: settings.log)
        let events = EventLookup(store: store, checkpoints: checkpoints)
        let signatures = InterruptedSignatures(
            store: store, recorder: recorder, naming: naming, clock: clock, logger: logger)

        self.settings = settings
        self.recorder = recorder
        self.resources = resources
        self.approvals = approvals
        self.checkpoints = checkpoints

        createCertificateAuthority = CreateCertificateAuthority(
            custody: guarded, creation: creation, claims: claims, authorities: authorities,
            recorder: recorder, naming: naming, clock: clock, randomBytes: randomBytes)
        describeCertificateAuthority = DescribeCertificateAuthority(
            authorities: authorities, recorder: recorder, clock: clock)
        listCertificateAuthorities = ListCertificateAuthorities(
            store: store, resources: resources, recorder: recorder, naming: naming, clock: clock)
        getCertificateAuthorityCsr = GetCertificateAuthorityCsr(authorities: authorities, recorder: recorder)
        getCertificateAuthorityCertificate = GetCertificateAuthorityCertificate(
            authorities: authorities, recorder: recorder)
        importCertificateAuthorityCertificate = ImportCertificateAuthorityCertificate(
            authorities: authorities, recorder: recorder, clock: clock, logger: logger)
        adoptCertificateAuthority = AdoptCertificateAuthority(
            store: store, custody: guarded, creation: creation, recorder: recorder, naming: naming,
            clock: clock, logger: logger)

        issueCertificate = IssueCertificate(
            store: store, custody: guarded, cycle: cycle, authorities: authorities, issuers: issuers,
            keyOwners: keyOwners, claims: claims, recorder: recorder, naming: naming, clock: clock,
            randomBytes: randomBytes)
        getCertificate = GetCertificate(
            store: store, authorities: authorities, certificates: certificates, approvals: approvals,
            recorder: recorder)
        listTemplates = ListTemplates(catalog: settings.issuance.catalog, recorder: recorder)

        putPolicy = PutPolicy(changes: changes)
        getPolicy = GetPolicy(authorities: authorities, recorder: recorder)
        deletePolicy = DeletePolicy(changes: changes)
        createPermission = CreatePermission(changes: changes, naming: naming, clock: clock)
        deletePermission = DeletePermission(changes: changes)
        listPermissions = ListPermissions(authorities: authorities, recorder: recorder)
        tagCertificateAuthority = TagCertificateAuthority(changes: changes)
        untagCertificateAuthority = UntagCertificateAuthority(changes: changes)
        listTags = ListTags(authorities: authorities, recorder: recorder)

        listTokens = ListTokens(inventory: inventory, recorder: recorder)
        drainToken = DrainToken(inventory: inventory, recorder: recorder)
        resumeToken = ResumeToken(inventory: inventory, recorder: recorder)
        reportUnrecordedKeys = ReportUnrecordedKeys(
            store: store, inventory: inventory, recorder: recorder, naming: naming, clock: clock,
            unrecordedKeys: unrecordedKeys, logger: logger)

        requestApproval = RequestApproval(
            store: store, approvals: approvals, recorder: recorder, naming: naming, clock: clock,
            lifetime: settings.approvalLifetime)
        requestCertificateApproval = RequestCertificateApproval(
            store: store, authorities: authorities, issuers: issuers, keyOwners: keyOwners, claims: claims,
            recorder: recorder, naming: naming, clock: clock, randomBytes: randomBytes,
            lifetime: settings.approvalLifetime)
        listApprovals = ListApprovals(store: store, approvals: approvals, recorder: recorder)
        approveRequest = ApproveRequest(approvals: approvals, recorder: recorder, clock: clock)
        rejectRequest = RejectRequest(approvals: approvals, recorder: recorder)
        concludeApproval = ConcludeApproval(approvals: approvals, naming: naming, clock: clock)
        endApprovals = EndApprovals(
            approvals: approvals, recorder: recorder, clock: clock, retention: settings.approvalRetention)

        cosignCheckpoint = CosignCheckpoint(
            store: store, recorder: recorder, naming: naming, clock: clock, cosigned: checkpoints.cosigned)
        compareLog = CompareLog(
            store: store, fault: fault, recorder: recorder, naming: naming, clock: clock, logger: logger)
        resumeRecord = ResumeRecord(
            recorder: recorder, signatures: signatures, naming: naming, clock: clock, logger: logger)
        listAuditEvents = ListAuditEvents(store: store, recorder: recorder)
        getAuditEvent = GetAuditEvent(events: events, recorder: recorder)
        getEventProof = GetEventProof(events: events, recorder: recorder)
        getIssuanceReceipt = GetIssuanceReceipt(
            certificates: certificates, events: events, recorder: recorder)
        getCheckpoint = GetCheckpoint(checkpoints: checkpoints, recorder: recorder)

        createCertificateAuthorityAuditReport = CreateCertificateAuthorityAuditReport(
            authorities: authorities, recorder: recorder, auditReports: settings.auditReports, clock: clock)
        describeCertificateAuthorityAuditReport = DescribeCertificateAuthorityAuditReport(
            store: store, authorities: authorities, recorder: recorder)
        makeAuditReports = MakeAuditReports(
            store: store, recorder: recorder, auditReports: settings.auditReports, naming: naming,
            clock: clock, logger: logger)

        concludeUnfinishedWork = ConcludeUnfinishedWork(
            signatures: signatures,
            creations: InterruptedCreations(
                store: store, creation: creation, recorder: recorder, naming: naming, clock: clock,
                logger: logger),
            approvals: InterruptedApprovals(store: store, concludeApproval: concludeApproval),
            reports: makeAuditReports)
    }
}
