internal import Dispatch
internal import Foundation
internal import GRDB
internal import Storage
internal import Synchronization
internal import TransparencyLog

/// One writer that commits all changes queued since its last commit. So all waiting callers share one sync to
/// disk.
final class GroupCommit: Sendable {
    private struct Submission {
        let changes: [Change]
        let continuation: CheckedContinuation<Result<Void, StorageError>, Never>
    }

    private struct State {
        var waiting: [Submission] = []
        var isWriting = false
        /// The number of intents on disk without an outcome. Their outcomes are expected soon.
        var openIntents = 0
        /// Whether the writer waits for the signal that enough submissions are queued.
        var isGathering = false

        /// Whether to wait: outcomes are expected, and fewer than ``targetSize`` or fewer than the open
        /// intents are queued.
        var isWorthWaiting: Bool {
            openIntents > 0 && (waiting.count < GroupCommit.targetSize || waiting.count < openIntents)
        }
    }

    private let database: DatabasePool
    /// The edge of the log's tree. Only the writer's queue touches it.
    private let edge: Mutex<GrowingTree>
    private let serialNumbers: SerialNumberIndex
    private let queue = DispatchQueue(label: "signet.storage.writer")
    private let state = Mutex(State())
    private let hasGathered = DispatchSemaphore(value: 0)
    /// Why the last commit failed; nil if it succeeded.
    private let fault = Mutex<StorageError?>(nil)

    init(_ database: DatabasePool, _ serialNumbers: SerialNumberIndex) throws {
        self.database = database
        self.serialNumbers = serialNumbers
        edge = Mutex(try database.read { try EventTree(db: $0).edge() })
    }

    /// Waits for the commit in progress, and closes the database.
    func close() {
        queue.sync {
            // The pool closes a reading connection last, which would not empty the WAL.
            _ = try? database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            try? database.close()
        }
    }

    var lastFault: StorageError? { fault.withLock { $0 } }

    /// Returns when the changes are durable. They succeed or fail together, independent of other submissions
    /// in the same commit.
    func commit(_ changes: [Change]) async throws(StorageError) {
        let result = await withCheckedContinuation { continuation in
            let (mustStart, hasGathered) = state.withLock { state in
                state.waiting.append(Submission(changes: changes, continuation: continuation))
                state.openIntents = max(0, state.openIntents - changes.count { $0.closesIntent })
                defer { state.isWriting = true }
                let hasGathered = state.isGathering && !state.isWorthWaiting
                if hasGathered { state.isGathering = false }
                return (!state.isWriting, hasGathered)
            }
            if mustStart { queue.async { self.writeUntilIdle() } }
            if hasGathered { self.hasGathered.signal() }
        }
        try result.get()
    }

    /// After a commit of this many submissions, load is high. The next commit then waits for the outcomes of
    /// open intents, until enough are queued or `longestWait` has passed, so that they share one sync.
    private static let highLoad = 4
    private static let targetSize = 16
    private static let longestWait = DispatchTimeInterval.milliseconds(4)

    /// Waits until enough submissions are queued for a commit, at most for `longestWait`.
    private func gather() {
        let mustWait = state.withLock { state in
            state.isGathering = state.isWorthWaiting
            return state.isGathering
        }
        guard mustWait, hasGathered.wait(timeout: .now() + Self.longestWait) == .timedOut else { return }
        // The signal may have come after the timeout. It must be consumed, or the next wait would return at
        // once.
        let isSignalled = state.withLock { state in
            defer { state.isGathering = false }
            return !state.isGathering
        }
        if isSignalled { hasGathered.wait() }
    }

    private func writeUntilIdle() {
        var last = 0
        while true {
            if last >= Self.highLoad { gather() }
            let submissions = state.withLock { state in
                defer { state.waiting = [] }
                if state.waiting.isEmpty { state.isWriting = false }
                return state.waiting
            }
            if submissions.isEmpty { return }
            let results = write(submissions)
            last = submissions.count
            let opened = zip(submissions, results).reduce(0) { sum, done in
                guard case .success = done.1 else { return sum }
                return sum + done.0.changes.count { $0.opensIntent }
            }
            state.withLock { $0.openIntents += opened }
            for (submission, result) in zip(submissions, results) {
                submission.continuation.resume(returning: result)
            }
        }
    }

    private func write(_ submissions: [Submission]) -> [Result<Void, StorageError>] {
        do {
            return try database.writeWithoutTransaction { db in
                do {
                    try commit(db) { additions in
                        for submission in submissions {
                            for change in submission.changes { try change.apply(to: db, &additions) }
                        }
                    }
                    fault.withLock { $0 = nil }
                    return submissions.map { _ in .success(()) }
                } catch {
                    // Rare: one submission breaks a rule, and the whole transaction was rolled back.
                    guard let refusal = Self.refusal(error) else { throw error }
                    if submissions.count == 1 { return [.failure(refusal)] }
                    var results: [Result<Void, StorageError>] = []
                    try commit(db) { additions in
                        for submission in submissions {
                            results.append(try apply(submission.changes, &additions, db))
                        }
                    }
                    // A commit in which every submission was refused does not show that the disk works.
                    if results.contains(where: { (try? $0.get()) != nil }) { fault.withLock { $0 = nil } }
                    return results
                }
            }
        } catch {
            // Nothing of the commit is on disk, so every submission failed.
            let failure = StorageError(error)
            fault.withLock { $0 = failure }
            return submissions.map { _ in .failure(failure) }
        }
    }

    /// Runs one transaction. Its additions are published only after it is on disk.
    private func commit(_ db: Database, _ body: (inout Additions) throws -> Void) throws {
        // After a failure the edge is read from the database again.
        let tree = try lastFault == nil ? edge.withLock { $0 } : EventTree(db: db).edge()
        var additions = Additions(tree: tree, serialNumbers: serialNumbers)
        var flush: SerialNumberIndex.Flush?
        do {
            try db.inTransaction(.immediate) {
                try body(&additions)
                serialNumbers.stage(additions.concluded)
                flush = try serialNumbers.flush(additions.concluded, in: db)
                return .commit
            }
        } catch {
            serialNumbers.rollBack(additions.concluded)
            throw error
        }
        edge.withLock { $0 = additions.tree }
        if let flush { serialNumbers.commit(additions.concluded, flush) }
    }

    /// The rule that a submission broke; nil for a failure of the database.
    private static func refusal(_ error: any Error) -> StorageError? {
        switch error {
        case StorageError.unavailable, StorageError.corrupt: nil
        case let error as StorageError: error
        case let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT:
            // Without SQLite's message, which names tables.
            .conflict("a record")
        default: nil
        }
    }

    /// Rolls back only a submission that breaks a rule. A failure of the database fails the whole commit.
    private func apply(
        _ changes: [Change], _ additions: inout Additions, _ db: Database
    ) throws -> Result<Void, StorageError> {
        var refusal: StorageError?
        try db.inSavepoint {
            do {
                var grown = additions
                for change in changes { try change.apply(to: db, &grown) }
                additions = grown
                return .commit
            } catch {
                guard let broken = Self.refusal(error) else { throw error }
                refusal = broken
                return .rollback
            }
        }
        return refusal.map { .failure($0) } ?? .success(())
    }
}

extension Change {
    fileprivate var opensIntent: Bool { if case .openIntent = self { true } else { false } }
    fileprivate var closesIntent: Bool { if case .closeIntent = self { true } else { false } }
}

extension StorageError {
    init(_ error: any Error) {
        switch error {
        case let error as StorageError: self = error
        case let error as DatabaseError
        where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode):
            self = .corrupt("\(error.message ?? "SQLite error") (\(error.extendedResultCode))")
        // Without the SQL statement, because its arguments are the caller's data.
        case let error as DatabaseError:
            self = .unavailable(reason: "\(error.message ?? "SQLite error") (\(error.extendedResultCode))")
        default: self = .unavailable(reason: "\(error)")
        }
    }
}
