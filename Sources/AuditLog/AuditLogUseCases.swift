public import Authorities
internal import PKIX
public import RecordKeeping

/// Operations on the audit log: checkpoints, witnesses, searches, proofs, and reports of private keys without
/// a record. ``Recorder`` adds the events of calls.
public final class AuditLogUseCases: Sendable {
    public let checkpoints: LogCheckpoints
    public let compareLog: CompareLog
    public let cosignCheckpoint: CosignCheckpoint
    public let getCheckpoint: GetCheckpoint
    public let listAuditEvents: ListAuditEvents
    public let getAuditEvent: GetAuditEvent
    public let getEventProof: GetEventProof
    public let getIssuanceReceipt: GetIssuanceReceipt
    public let reportUnrecordedKeys: ReportUnrecordedKeys

    /// - Parameter identity: nil for a log without checkpoints
    public init(
        _ context: CAContext, custody: LogGuardedCustody, inventory: any TokenInventory,
        certificates: CertificateLookup, identity: LogIdentity?
    ) {
        let (store, recorder) = (context.store, context.recorder)
        let (naming, clock, logger) = (context.naming, context.clock, context.logger)
        let unrecordedKeys = UnrecordedKeys()
        if let key = identity?.ceremonyKey {
            // Between the start and the first checkpoint, the key has no record.
            unrecordedKeys.insert(key.identifier)
            context.keysInUse.reserveForLog(key.publicKey.derBytes)
        }
        let checkpoints = LogCheckpoints(
            store: store, custody: custody, cycle: context.cycle, recorder: recorder, naming: naming,
            clock: clock, randomBytes: context.randomBytes, unrecordedKeys: unrecordedKeys,
            identity: identity)
        let events = EventLookup(store: store, checkpoints: checkpoints)

        self.checkpoints = checkpoints
        compareLog = CompareLog(
            store: store, fault: custody.fault, recorder: recorder, naming: naming, clock: clock,
            logger: logger)
        cosignCheckpoint = CosignCheckpoint(
            store: store, recorder: recorder, naming: naming, clock: clock, cosigned: checkpoints.cosigned)
        getCheckpoint = GetCheckpoint(checkpoints: checkpoints, recorder: recorder)
        listAuditEvents = ListAuditEvents(store: store, recorder: recorder)
        getAuditEvent = GetAuditEvent(events: events, recorder: recorder)
        getEventProof = GetEventProof(events: events, recorder: recorder)
        getIssuanceReceipt = GetIssuanceReceipt(
            certificates: certificates, events: events, recorder: recorder)
        reportUnrecordedKeys = ReportUnrecordedKeys(
            store: store, inventory: inventory, recorder: recorder, naming: naming, clock: clock,
            unrecordedKeys: unrecordedKeys, logger: logger)
    }
}
