public import Approvals
public import AuditLog
public import Authorities
public import Jobs
public import Logging
public import Publication
public import RecordKeeping
public import Signing
public import Storage

/// The use cases that the operations call. They are built once, when the daemon starts.
public struct UseCases: Sendable {
    /// The operator's settings.
    public struct Settings: Sendable {
        public var naming: ARNNaming
        public var issuance: IssuanceSettings
        public var revocation = RevocationSettings()
        public var approvals = ApprovalTimes()
        /// Nil for a log without checkpoints.
        public var log: LogIdentity?
        /// Nil where no CRLs are published.
        public var certificateLists: CertificateListPlaces?
        /// Nil where no buckets are configured.
        public var auditReports: AuditReports?

        public init(naming: ARNNaming, issuance: IssuanceSettings) {
            self.naming = naming
            self.issuance = issuance
        }
    }

    public let settings: Settings
    public let recorder: Recorder
    public let resumeRecord: ResumeRecord
    public let authorities: AuthorityUseCases
    public let approvals: ApprovalUseCases
    public let auditLog: AuditLogUseCases
    public let publication: PublicationUseCases
    /// The state of the daemon's jobs.
    public let jobs = JobBoard()
    let listJobs: ListJobs
    let signatures: InterruptedSignatures

    public init(
        store: any Store, custody: any KeyCustody, inventory: any TokenInventory, settings: Settings,
        logger: Logger, clock: Clock = .system, randomBytes: RandomBytes = .system
    ) {
        let context = CAContext(
            store: store, naming: settings.naming, clock: clock, randomBytes: randomBytes, logger: logger)
        let guarded = LogGuardedCustody(custody)
        var settings = settings
        settings.revocation.ocsp.makesKeys = custody.makesKeys
        self.settings = settings
        recorder = context.recorder
        resumeRecord = context.resumeRecord
        listJobs = ListJobs(board: jobs, recorder: context.recorder)
        signatures = context.signatures
        approvals = ApprovalUseCases(context, times: settings.approvals)
        authorities = AuthorityUseCases(
            context, custody: guarded, inventory: inventory, issuance: settings.issuance,
            revocation: settings.revocation, approvals: approvals)
        auditLog = AuditLogUseCases(
            context, custody: guarded, inventory: inventory, certificates: authorities.certificates,
            identity: settings.log)
        publication = PublicationUseCases(
            context, authorities: authorities, custody: guarded, auditReports: settings.auditReports,
            revocation: settings.revocation, places: settings.certificateLists)
    }
}
