internal import Storage
internal import Synchronization

/// A cache of authorities' records: every request needs one, and few requests change one.
///
/// Only this process writes to the database. A commit removes the records that it changes before it returns,
/// so later reads see the change. A record that was read before a change and is inserted after it is not
/// cached.
final class KnownAuthorities: Sendable {
    private struct State {
        var records: [String: CertificateAuthorityRecord] = [:]
        /// The number of changes.
        var generation: UInt64 = 0
    }

    /// A record takes some kilobytes.
    private static let most = 1000

    private let state = Mutex(State())

    func record(_ id: String) -> CertificateAuthorityRecord? { state.withLock { $0.records[id] } }

    /// Read it before reading a record; an insertion with an older generation is ignored.
    var generation: UInt64 { state.withLock { $0.generation } }

    func keep(_ record: CertificateAuthorityRecord, readIn generation: UInt64) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.records.count >= Self.most { state.records = [:] }
            state.records[record.id] = record
        }
    }

    /// Removes the records that `changes` change, or may have changed if the commit failed.
    func invalidate(_ changes: [Change]) {
        let ids = changes.compactMap { change in
            if case .updateCertificateAuthority(let record) = change { record.id } else { nil }
        }
        guard !ids.isEmpty else { return }
        state.withLock { state in
            state.generation += 1
            for id in ids { state.records[id] = nil }
        }
    }
}
