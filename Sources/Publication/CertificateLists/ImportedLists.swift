internal import Audit
internal import Foundation
internal import JSON
internal import Logging
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import Synchronization

/// Watches the ends of imported CRLs, which this daemon cannot renew.
final class ImportedLists: Sendable {
    private struct State {
        /// The digests of those past half of their life, which were reported.
        var reported: Set<[UInt8]> = []
        var ending = 0
    }

    private let store: any RevocationStore
    private let recorder: Recorder
    private let naming: ARNNaming
    private let clock: Clock
    private let logger: Logger
    private let state = Mutex(State())

    init(
        store: any RevocationStore, recorder: Recorder, naming: ARNNaming, clock: Clock, logger: Logger
    ) {
        self.store = store
        self.recorder = recorder
        self.naming = naming
        self.clock = clock
        self.logger = logger
    }

    /// How many are past half of their life; nil for none.
    var problem: String? {
        let ending = state.withLock { $0.ending }
        return ending == 0
            ? nil
            : "\(ending) imported CRLs are past half of their life; `signet crl import` takes newer ones"
    }

    func look() async throws(StorageError) {
        let now = clock.now()
        let ending = try await store.importedLists().filter { list in
            now >= list.thisUpdate + list.nextUpdate.timeIntervalSince(list.thisUpdate) / 2
        }
        state.withLock { $0.ending = ending.count }
        for list in ending where state.withLock({ $0.reported.insert(list.digest).inserted }) {
            let end = CivilTime(list.nextUpdate).map { "\($0)" } ?? ""
            logger.warning(
                "an imported CRL nears its end", metadata: ["issuer": "\(list.issuer)", "end": "\(end)"])
            await recorder.recordNowOrLater(
                .service(
                    .importedCRLEnding, scope: naming.scope, time: now,
                    details: ["issuerName": .string(list.issuer), "nextUpdate": .string(end)]))
        }
    }
}
