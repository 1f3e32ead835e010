public import Logging
public import Signing
public import Storage

/// The dependencies that all use cases share. It is made once, when the daemon starts.
public struct CAContext: Sendable {
    public let store: any Store
    public let recorder: Recorder
    public let cycle: SigningCycle
    public let keysInUse: KeysInUse
    public let signatures: InterruptedSignatures
    public let resumeRecord: ResumeRecord
    public let naming: ARNNaming
    public let clock: Clock
    public let randomBytes: RandomBytes
    public let logger: Logger

    public init(
        store: any Store, naming: ARNNaming, clock: Clock, randomBytes: RandomBytes, logger: Logger
    ) {
        let (keysInUse, interruption) = (KeysInUse(), RecordInterruption())
        let commits = WatchedCommits(
            store: store, keysInUse: keysInUse, interruption: interruption, naming: naming, clock: clock)
        self.store = store
        self.keysInUse = keysInUse
        recorder = Recorder(commits: commits, interruption: interruption, clock: clock, logger: logger)
        cycle = SigningCycle(store: commits, scope: naming.scope) { clock.now() }
        signatures = InterruptedSignatures(
            store: store, recorder: recorder, naming: naming, clock: clock, logger: logger)
        resumeRecord = ResumeRecord(
            recorder: recorder, signatures: signatures, naming: naming, clock: clock, logger: logger)
        self.naming = naming
        self.clock = clock
        self.randomBytes = randomBytes
        self.logger = logger
    }
}
