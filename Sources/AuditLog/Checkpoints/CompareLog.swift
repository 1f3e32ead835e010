internal import Audit
internal import Foundation
internal import JSON
internal import Logging
public import RecordKeeping
internal import Signing
internal import Storage
internal import TransparencyLog

/// Compares the log with its newest checkpoint.
public struct CompareLog: Sendable {
    let store: any AuditLogStore
    let fault: LogFault
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let logger: Logger

    /// Why nothing is signed although the tokens serve; nil while the log matches its newest checkpoint.
    public var difference: String? { fault.current }

    /// Compares size, root and signature of the newest stored checkpoint with the tree of the log. If they
    /// differ, the log was changed while no daemon ran. Then nothing is signed, reads continue, and the event
    /// `LogDiffers` has the reason.
    ///
    /// If the checkpoints were removed from the store too, there is nothing to compare. Only checkpoints kept
    /// elsewhere, and witnesses, reveal that.
    public func callAsFunction() async throws(CAError) {
        guard let reason = try await LogComparison(store: store).differenceFromNewestCheckpoint() else {
            return
        }
        fault.set(reason)
        logger.critical(
            "the audit log differs from its newest checkpoint; nothing is signed",
            metadata: ["reason": "\(reason)"])
        await recorder.recordNowOrLater(
            .service(
                .logDiffers, scope: naming.scope, time: clock.now(),
                details: ["statusReason": .string(reason)]))
    }
}
