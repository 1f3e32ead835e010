internal import Audit
internal import Foundation
internal import Storage
internal import Synchronization

/// Calls and events that the log lacks because it could not be written, until RecordInterrupted is recorded.
/// They are kept in memory only; the daemon's own log has each of them too.
final class RecordInterruption: Sendable {
    struct Missing: Sendable {
        let since: Date
        /// The number of answered read-only requests.
        var reads = 0
        /// The number of requests that were refused or failed.
        var refusals = 0
        /// Ids of intents whose outcome could not be recorded.
        var intents: Set<String> = []
        /// Events of the daemon itself, in order. They are recorded before RecordInterrupted.
        var events: [AuditEvent] = []

        var isEmpty: Bool { reads == 0 && refusals == 0 && intents.isEmpty && events.isEmpty }
    }

    /// The maximum number of kept events, so that a token that repeatedly fails cannot fill the memory.
    private static let mostEvents = 1000

    private let missing = Mutex<Missing?>(nil)

    /// Nil while the log is complete.
    var current: Missing? { missing.withLock { $0 } }

    /// Adds the intents that a failed commit would have closed. They stay open.
    func addIntents(ofFailed changes: [Change], at time: Date) {
        let intents = changes.compactMap { change in
            if case .closeIntent(let id) = change { id } else { nil }
        }
        change(at: time) { $0.intents.formUnion(intents) }
    }

    func add(_ event: AuditEvent, at time: Date) {
        change(at: time) { missing in
            if missing.events.count < Self.mostEvents { missing.events.append(event) }
        }
    }

    func add(_ call: UnrecordedCall, at time: Date) {
        change(at: time) { missing in
            switch call {
            case .read: missing.reads += 1
            case .refusal: missing.refusals += 1
            }
        }
    }

    /// Removes the entries that are in the log now. The remaining ones are missing from `time` on.
    func remove(_ recorded: Missing, at time: Date) {
        missing.withLock { missing in
            guard let now = missing else { return }
            let rest = Missing(
                since: time, reads: now.reads - recorded.reads, refusals: now.refusals - recorded.refusals,
                intents: now.intents.subtracting(recorded.intents),
                events: Array(now.events.dropFirst(recorded.events.count)))
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

/// A request that the log lacks.
public enum UnrecordedCall: Sendable {
    case read
    case refusal
}
