internal import Audit
internal import Foundation
internal import Storage
internal import Synchronization

/// What the log misses because it could not be written, until an event can tell it. Kept in memory: the
/// daemon's own log has each of it too.
final class RecordInterruption: Sendable {
    struct Missing: Sendable {
        let since: Date
        /// Requests that were answered, having changed nothing.
        var reads = 0
        /// Requests that were refused, or failed.
        var refusals = 0
        /// Ids of intents whose outcome could not be recorded.
        var intents: Set<String> = []
        /// Of the daemon's own, in their order; told before everything else.
        var events: [AuditEvent] = []

        var isEmpty: Bool { reads == 0 && refusals == 0 && intents.isEmpty && events.isEmpty }
    }

    /// So many events are kept. A token that comes and goes all the while must not fill the memory.
    private static let mostEvents = 1000

    private let missing = Mutex<Missing?>(nil)

    /// Nil while the log misses nothing.
    var current: Missing? { missing.withLock { $0 } }

    /// A commit failed. The intents it would have closed stay open.
    func note(failed changes: [Change], at time: Date) {
        let intents = changes.compactMap { change in
            if case .closeIntent(let id) = change { id } else { nil }
        }
        change(at: time) { $0.intents.formUnion(intents) }
    }

    func note(_ event: AuditEvent, at time: Date) {
        change(at: time) { missing in
            if missing.events.count < Self.mostEvents { missing.events.append(event) }
        }
    }

    func note(_ call: UnrecordedCall, at time: Date) {
        change(at: time) { missing in
            switch call {
            case .read: missing.reads += 1
            case .refusal: missing.refusals += 1
            }
        }
    }

    /// The log has `told` now; what came since is missing from `time` on.
    func forget(_ told: Missing, at time: Date) {
        missing.withLock { missing in
            guard let now = missing else { return }
            let rest = Missing(
                since: time, reads: now.reads - told.reads, refusals: now.refusals - told.refusals,
                intents: now.intents.subtracting(told.intents),
                events: Array(now.events.dropFirst(told.events.count)))
            missing = rest.isEmpty ? nil : rest
        }
    }

    private func change(at time: Date, _ body: (inout Missing) -> Void) {
        missing.withLock { missing in
            var changed = missing ?? Missing(since: time)
            body(&changed)
            missing = changed
        }
    }
}

/// A request the log does not have.
public enum UnrecordedCall: Sendable {
    case read
    case refusal
}
