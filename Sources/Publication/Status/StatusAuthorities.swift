internal import Foundation
internal import PKIX
internal import RecordKeeping
internal import Storage
internal import Synchronization

/// Finds the authorities that OCSP requests name. It keeps what it read, because hashing and parsing for each
/// request would cost more than its answer.
final class StatusAuthorities: Sendable {
    private struct State {
        var byIssuer: [CertificateID.Issuer: String] = [:]
        var byID: [String: StatusAuthority] = [:]
        var readAt: Date?
        /// The look for all authorities that is in progress. Requests that come meanwhile wait for it.
        var reading: Task<Void, any Error>?
    }

    private let store: any AuthorityStore
    private let naming: ARNNaming
    private let clock: Clock
    private let state = Mutex(State())

    /// Seconds after which an unknown issuer is looked for again.
    private static let pause: TimeInterval = 1

    init(store: any AuthorityStore, naming: ARNNaming, clock: Clock) {
        self.store = store
        self.naming = naming
        self.clock = clock
    }

    /// The authority and its record; nil for an issuer that is no authority here.
    func authority(
        _ issuer: CertificateID.Issuer
    ) async throws(StorageError) -> (StatusAuthority, CertificateAuthorityRecord)? {
        if let id = known(issuer) { return try await authority(id) }
        let now = clock.now()
        let reading = state.withLock { state in
            if let reading = state.reading { return reading as Task<Void, any Error>? }
            // A clock that was set back would keep an authority unknown.
            if let readAt = state.readAt, (0..<Self.pause).contains(now.timeIntervalSince(readAt)) {
                return nil
            }
            let task = Task { try await readAll(at: now) }
            state.reading = task
            return task
        }
        do { try await reading?.value } catch {
            throw error as? StorageError ?? .unavailable(reason: "\(error)")
        }
        guard let id = known(issuer) else { return nil }
        return try await authority(id)
    }

    /// An authority by its id.
    func authority(
        _ id: String
    ) async throws(StorageError) -> (StatusAuthority, CertificateAuthorityRecord)? {
        guard let record = try await store.certificateAuthority(id) else { return nil }
        if let known = state.withLock({ $0.byID[id] }), known.revision == record.revision {
            return (known, record)
        }
        return keep(record).map { ($0, record) }
    }

    private func known(_ issuer: CertificateID.Issuer) -> String? {
        state.withLock { $0.byIssuer[issuer] }
    }

    private func readAll(at now: Date) async throws(StorageError) {
        defer { state.withLock { $0.reading = nil } }
        var after: String?
        repeat {
            let page = try await store.certificateAuthorities(after: after, limit: 50)
            for record in page
            where state.withLock({ $0.byID[record.id]?.revision }) != record.revision {
                _ = keep(record)
            }
            after = page.last?.id
        } while after != nil
        state.withLock { $0.readAt = now }
    }

    /// An authority whose certificate cannot be read has no status; its CRL reports it.
    private func keep(_ record: CertificateAuthorityRecord) -> StatusAuthority? {
        guard let authority = try? StatusAuthority(record, naming) else { return nil }
        state.withLock { state in
            state.byID[record.id] = authority
            for issuer in authority.issuers { state.byIssuer[issuer] = record.id }
        }
        return authority
    }
}
