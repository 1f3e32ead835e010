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
        let isRead = state.withLock { state in
            // A clock that was set back would keep an authority unknown.
            if let readAt = state.readAt, (0..<Self.pause).contains(now.timeIntervalSince(readAt)) {
                return false
            }
            state.readAt = now
            return true
        }
        if isRead { try await readAll() }
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

    private func readAll() async throws(StorageError) {
        var after: String?
        repeat {
            let page = try await store.certificateAuthorities(after: after, limit: 50)
            for record in page { _ = keep(record) }
            after = page.last?.id
        } while after != nil
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
