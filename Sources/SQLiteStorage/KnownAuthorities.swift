internal import Storage
internal import Synchronization

/// The records of authorities that were read lately: every request needs one, and few requests change one.
///
/// Only this process writes to the database. What a commit changes is forgotten before the commit returns, so that a caller
/// that was told of a change finds it; a record that was read before a change and comes in after it is not kept.
final class KnownAuthorities: Sendable {
    private struct State {
        var records: [String: CertificateAuthorityRecord] = [:]
        /// Counts the changes.
        var generation: UInt64 = 0
    }

    /// A record takes some kilobytes.
    private static let most = 1000

    private let state = Mutex(State())

    func record(_ id: String) -> CertificateAuthorityRecord? { state.withLock { $0.records[id] } }

    /// To be asked before a record is read.
    var generation: UInt64 { state.withLock { $0.generation } }

    func keep(_ record: CertificateAuthorityRecord, readIn generation: UInt64) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.records.count >= Self.most { state.records = [:] }
            state.records[record.id] = record
        }
    }

    /// Forgets what `changes` change, or may have changed when the commit failed.
    func forget(_ changes: [Change]) {
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
