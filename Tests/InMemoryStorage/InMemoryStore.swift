internal import Audit
public import Foundation
public import Storage
internal import Synchronization
public import TransparencyLog

/// A store in memory, for tests of use cases. It passes the conformance suite of every store.
public final class InMemoryStore: Store {
    private let state: Mutex<StoreState>
    private let refusal = Mutex<StorageError?>(nil)

    public init() { state = Mutex(StoreState()) }

    /// A store with a copy of another store's state.
    public init(copying other: InMemoryStore) { state = Mutex(other.state.withLock { $0 }) }

    /// Makes every commit fail with this error, or, with nil, succeed again.
    public func refuseCommits(with error: StorageError?) { refusal.withLock { $0 = error } }

    /// The bodies of all events, in order.
    public var events: [Data] { state.withLock { $0.events.map(\.body) } }

    public func commit(_ changes: [Change]) async throws(StorageError) {
        if let error = refusal.withLock({ $0 }) { throw error }
        let result: Result<Void, StorageError> = state.withLock { state in
            var changed = state
            do throws(StorageError) {
                for change in changes { try changed.apply(change) }
                state = changed
                return .success(())
            } catch { return .failure(error) }
        }
        try result.get()
    }

    public func certificateAuthority(_ id: String) async throws(StorageError) -> CertificateAuthorityRecord? {
        state.withLock { state in state.authorities.first { $0.id == id } }
    }

    public func certificateAuthorities(
        after: String?, limit: Int
    ) async throws(StorageError) -> [CertificateAuthorityRecord] {
        state.withLock { state in
            let start = state.authorities.firstIndex { $0.id == after }.map { $0 + 1 } ?? 0
            return Array(state.authorities[start...].prefix(limit))
        }
    }

    public func idempotencyClaim(key: String, at time: Date) async throws(StorageError) -> IdempotencyClaim? {
        state.withLock { state in state.claims[key].flatMap { $0.expiresAt > time ? $0 : nil } }
    }

    public func certificate(serialNumber: String) async throws(StorageError) -> CertificateRecord? {
        state.withLock { $0.certificates[serialNumber] }
    }

    public func issuedCertificates(
        of certificateAuthority: String, after: CertificateRecord?, limit: Int
    ) async throws(StorageError) -> [CertificateRecord] {
        func place(_ record: CertificateRecord) -> (Date, String) {
            (record.issuedAt ?? .distantFuture, record.serialNumber)
        }
        let issued = state.withLock { state in
            state.certificates.values.filter {
                $0.certificateAuthority == certificateAuthority && $0.issuedAt != nil
            }
        }
        return Array(
            issued.filter { record in after.map { place(record) > place($0) } ?? true }
                .sorted { place($0) < place($1) }.prefix(limit))
    }

    public func unresolvedIntents() async throws(StorageError) -> [IntentRecord] {
        state.withLock { $0.intents.sorted { $0.recordedAt < $1.recordedAt } }
    }

    public func revocation(
        serialNumber: [UInt8], of certificateAuthority: String
    ) async throws(StorageError) -> RevocationRecord? {
        state.withLock { state in
            state.revocations.first {
                $0.certificateAuthority == certificateAuthority && $0.serialNumber == serialNumber
            }
        }
    }

    public func standings(
        of serialNumbers: [[UInt8]], by certificateAuthority: String
    ) async throws(StorageError) -> [CertificateStanding] {
        var standings: [CertificateStanding] = []
        for serialNumber in serialNumbers {
            standings.append(try await standing(of: serialNumber, by: certificateAuthority))
        }
        return standings
    }

    private func standing(
        of serialNumber: [UInt8], by authority: String
    ) async throws(StorageError) -> CertificateStanding {
        if let revocation = try await revocation(serialNumber: serialNumber, of: authority) {
            return .revoked(revocation)
        }
        let record = try await certificate(serialNumber: CertificateRecord.text(ofSerialNumber: serialNumber))
        if let record, record.certificateAuthority == authority, case .issued = record.status {
            return .issued
        }
        let imported = try await importedCertificate(serialNumber: serialNumber, of: authority)
        return imported == nil ? .unissued : .issued
    }

    public func revocations(
        of certificateAuthority: String, after: Int64, limit: Int
    ) async throws(StorageError) -> [PlacedRevocation] {
        state.withLock { state in
            let placed = zip(Int64(1)..., state.revocations).lazy.map {
                PlacedRevocation(place: $0, record: $1)
            }
            return Array(
                placed.filter { $0.record.certificateAuthority == certificateAuthority && $0.place > after }
                    .prefix(limit))
        }
    }

    public func certificateList(
        of certificateAuthority: String
    ) async throws(StorageError) -> CertificateListRecord? {
        state.withLock { $0.lists[certificateAuthority] }
    }

    public func partitionLists(
        of certificateAuthority: String
    ) async throws(StorageError) -> [CertificateListRecord] {
        state.withLock { state in
            (state.partitionLists[certificateAuthority] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
        }
    }

    public func reservedListNumber(of certificateAuthority: String) async throws(StorageError) -> Int64 {
        state.withLock { $0.listNumbers[certificateAuthority] ?? 0 }
    }

    public func importedCertificate(
        serialNumber: [UInt8], of certificateAuthority: String
    ) async throws(StorageError) -> ImportedCertificateRecord? {
        state.withLock { state in
            state.imported.first {
                $0.certificateAuthority == certificateAuthority && $0.serialNumber == serialNumber
            }
        }
    }

    public func importedList(_ id: String) async throws(StorageError) -> ImportedListRecord? {
        state.withLock { $0.importedLists[id] }
    }

    public func importedLists() async throws(StorageError) -> [ImportedListRecord] {
        state.withLock { $0.importedLists.values.sorted { $0.id < $1.id } }
    }

    public func responder(of certificateAuthority: String) async throws(StorageError) -> ResponderRecord? {
        state.withLock { $0.responders[certificateAuthority] }
    }

    public func responders() async throws(StorageError) -> [ResponderRecord] {
        state.withLock { $0.responders.values.sorted { $0.certificateAuthority < $1.certificateAuthority } }
    }

    public func auditReport(_ id: String) async throws(StorageError) -> AuditReportRecord? {
        state.withLock { state in state.reports.first { $0.id == id } }
    }

    public func unfinishedAuditReports() async throws(StorageError) -> [AuditReportRecord] {
        state.withLock { state in
            state.reports.filter { $0.status == .creating }.sorted { $0.createdAt < $1.createdAt }
        }
    }

    public func approval(_ id: String) async throws(StorageError) -> ApprovalRecord? {
        state.withLock { state in state.approvals.first { $0.id == id } }
    }

    public func approval(serialNumber: String) async throws(StorageError) -> ApprovalRecord? {
        state.withLock { state in state.approvals.first { $0.serialNumber == serialNumber } }
    }

    public func approvals(
        _ status: ApprovalRecord.Status?, after: String?, limit: Int
    ) async throws(StorageError) -> [ApprovalSummary] {
        state.withLock { state in
            let end = state.approvals.firstIndex { $0.id == after } ?? state.approvals.endIndex
            let newestFirst = state.approvals[..<end].reversed()
            return newestFirst.filter { status == nil || $0.status == status }.prefix(limit)
                .map { ApprovalSummary($0) }
        }
    }

    public func pendingApproval(digest: String, requester: String) async throws(StorageError) -> String? {
        state.withLock { state in state.pending(requester).first { $0.digest == digest }?.id }
    }

    public func pendingApprovals(requester: String) async throws(StorageError) -> PendingApprovals {
        state.withLock { $0.pendingApprovals(requester) }
    }

    public func overdueApprovals(at time: Date, limit: Int) async throws(StorageError) -> [String] {
        state.withLock { state in
            state.approvals.filter { $0.status == .pending && $0.expiresAt <= time }
                .sorted { $0.expiresAt < $1.expiresAt }.prefix(limit).map(\.id)
        }
    }

    public func logSize() async throws(StorageError) -> UInt64 {
        state.withLock { UInt64($0.events.count) }
    }

    public func logKey() async throws(StorageError) -> LogKeyRecord? { state.withLock { $0.logKey } }

    public func checkpoint(of size: UInt64?) async throws(StorageError) -> String? {
        state.withLock { state in
            let sizes = state.checkpoints.keys.filter { $0 >= size ?? 0 }
            return (size == nil ? sizes.max() : sizes.min()).flatMap { state.checkpoints[$0] }
        }
    }

    public func event(id: String) async throws(StorageError) -> (index: Int64, body: Data)? {
        let ids = [id, AuditEvent.identifier(ofRequest: id), AuditEvent.identifier(inPlaceOf: id)]
        return state.withLock { state in
            for id in ids {
                guard let index = state.events.firstIndex(where: { $0.id == id }) else { continue }
                return (Int64(index), state.events[index].body)
            }
            return nil
        }
    }

    public func events(
        from index: Int64, limit: Int
    ) async throws(StorageError) -> [(index: Int64, body: Data)] {
        state.withLock { state in
            state.numberedEvents(from: index).prefix(limit).map { ($0.index, $0.event.body) }
        }
    }

    public func events(
        in range: Range<Int64>, having marks: [[String]], octets: Int
    ) async throws(StorageError) -> EventSlice {
        state.withLock { state in
            var slice = EventSlice(events: [], next: range.upperBound)
            var sum = 0
            for (index, event) in state.numberedEvents(from: range.lowerBound) where index < range.upperBound
            {
                let isMarked = marks.allSatisfy { texts in
                    texts.contains { event.body.range(of: Data($0.utf8)) != nil }
                }
                guard isMarked else { continue }
                sum += event.body.count
                if sum > octets, !slice.events.isEmpty {
                    slice.next = index
                    break
                }
                slice.events.append((index, event.body))
            }
            return slice
        }
    }

    public func hash(of subtree: Subtree) async throws(StorageError) -> TreeHash {
        let leaves = state.withLock { state in
            state.events[Int(subtree.start)..<Int(subtree.end)].map { TreeHash(leaf: $0.body) }
        }
        var tree = Frontier()
        for leaf in leaves { tree.append(leaf) }
        return tree.root
    }
}
