internal import Dispatch
internal import GRDB
internal import Synchronization

/// Copies what is committed from the WAL into the database, beside the writer and on a connection of its own. The writer's
/// own checkpoint, which SQLite makes of a full WAL and which everybody waits for, then finds little left to copy.
///
/// It only ever copies what a commit has synced, waits for nobody (`PASSIVE`) and answers to nobody: what it cannot copy
/// stays in the WAL, and a disk that fails fails the writer too.
final class Checkpointer: Sendable {
    private struct State {
        var changes = 0
        var isCopying = false
    }

    /// So many changes dirty some 500 pages: a copy takes a few milliseconds.
    private static let worthCopying = 512

    private let database: DatabaseQueue
    private let queue = DispatchQueue(label: "signet.storage.checkpointer")
    private let state = Mutex(State())

    init(path: String) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            // The database is synced before the WAL that it was copied from is written over.
            try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        database = try DatabaseQueue(path: path, configuration: configuration)
    }

    func close() { queue.sync { try? database.close() } }

    /// To be told of every commit.
    func wasCommitted(changes count: Int) {
        let isWorthCopying = state.withLock { state in
            state.changes += count
            guard state.changes >= Self.worthCopying, !state.isCopying else { return false }
            state = State(changes: 0, isCopying: true)
            return true
        }
        guard isWorthCopying else { return }
        queue.async { [self] in
            _ = try? database.writeWithoutTransaction { try $0.checkpoint(.passive) }
            state.withLock { $0.isCopying = false }
        }
    }
}
