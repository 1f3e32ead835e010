import Audit
import Foundation
import SQLiteStorage
import Storage
import StorageConformance
import TestSupport
import Testing
import TransparencyLog

/// The checks of the conformance suite must detect a store that loses a member of a record.
struct ForgetfulStoreTests {
    @Test(arguments: Forgetting.all)
    func `a store that loses one member fails a check`(_ forgetting: Forgetting) async throws {
        var isFound = false
        for check in StorageConformance.checks where check.name.hasPrefix("every member") && !isFound {
            let directory = try TemporaryDirectory()
            let store = ForgetfulStore(
                store: try SQLiteStore(path: directory.path("db")), forget: forgetting.forget)
            do { try await check.run(store) } catch { isFound = true }
        }
        #expect(isFound, "no check noticed")
    }
}

/// A SQLite store that modifies changes before they are committed.
private struct ForgetfulStore: Store {
    let store: SQLiteStore
    let forget: @Sendable (Change) -> Change

    func commit(_ changes: [Change]) async throws(StorageError) {
        try await store.commit(changes.map(forget))
    }

    func certificateAuthority(_ id: String) async throws(StorageError) -> CertificateAuthorityRecord? {
        try await store.certificateAuthority(id)
    }

    func certificateAuthorities(
        after: String?, limit: Int
    ) async throws(StorageError) -> [CertificateAuthorityRecord] {
        try await store.certificateAuthorities(after: after, limit: limit)
    }

    func certificate(serialNumber: String) async throws(StorageError) -> CertificateRecord? {
        try await store.certificate(serialNumber: serialNumber)
    }

    func issuedCertificates(
        of certificateAuthority: String, after: CertificateRecord?, limit: Int
    ) async throws(StorageError) -> [CertificateRecord] {
        try await store.issuedCertificates(of: certificateAuthority, after: after, limit: limit)
    }

    func revocation(
        serialNumber: [UInt8], of certificateAuthority: String
    ) async throws(StorageError) -> RevocationRecord? {
        try await store.revocation(serialNumber: serialNumber, of: certificateAuthority)
    }

    func standings(
        of serialNumbers: [[UInt8]], by certificateAuthority: String
    ) async throws(StorageError) -> [CertificateStanding] {
        try await store.standings(of: serialNumbers, by: certificateAuthority)
    }

    func revocations(
        of certificateAuthority: String, after: Int64, limit: Int
    ) async throws(StorageError) -> [PlacedRevocation] {
        try await store.revocations(of: certificateAuthority, after: after, limit: limit)
    }

    func certificateList(
        of certificateAuthority: String
    ) async throws(StorageError) -> CertificateListRecord? {
        try await store.certificateList(of: certificateAuthority)
    }

    func partitionLists(
        of certificateAuthority: String
    ) async throws(StorageError) -> [CertificateListRecord] {
        try await store.partitionLists(of: certificateAuthority)
    }

    func reservedListNumber(of certificateAuthority: String) async throws(StorageError) -> Int64 {
        try await store.reservedListNumber(of: certificateAuthority)
    }

    func importedCertificate(
        serialNumber: [UInt8], of certificateAuthority: String
    ) async throws(StorageError) -> ImportedCertificateRecord? {
        try await store.importedCertificate(serialNumber: serialNumber, of: certificateAuthority)
    }

    func importedList(_ id: String) async throws(StorageError) -> ImportedListRecord? {
        try await store.importedList(id)
    }

    func importedLists() async throws(StorageError) -> [ImportedListRecord] {
        try await store.importedLists()
    }

    func responder(of certificateAuthority: String) async throws(StorageError) -> ResponderRecord? {
        try await store.responder(of: certificateAuthority)
    }

    func responders() async throws(StorageError) -> [ResponderRecord] { try await store.responders() }

    func auditReport(_ id: String) async throws(StorageError) -> AuditReportRecord? {
        try await store.auditReport(id)
    }

    func unfinishedAuditReports() async throws(StorageError) -> [AuditReportRecord] {
        try await store.unfinishedAuditReports()
    }

    func idempotencyClaim(key: String, at time: Date) async throws(StorageError) -> IdempotencyClaim? {
        try await store.idempotencyClaim(key: key, at: time)
    }

    func approval(_ id: String) async throws(StorageError) -> ApprovalRecord? {
        try await store.approval(id)
    }

    func approval(serialNumber: String) async throws(StorageError) -> ApprovalRecord? {
        try await store.approval(serialNumber: serialNumber)
    }

    func approvals(
        _ status: ApprovalRecord.Status?, after: String?, limit: Int
    ) async throws(StorageError) -> [ApprovalSummary] {
        try await store.approvals(status, after: after, limit: limit)
    }

    func pendingApproval(digest: String, requester: String) async throws(StorageError) -> String? {
        try await store.pendingApproval(digest: digest, requester: requester)
    }

    func pendingApprovals(requester: String) async throws(StorageError) -> PendingApprovals {
        try await store.pendingApprovals(requester: requester)
    }

    func overdueApprovals(at time: Date, limit: Int) async throws(StorageError) -> [String] {
        try await store.overdueApprovals(at: time, limit: limit)
    }

    func unresolvedIntents() async throws(StorageError) -> [IntentRecord] {
        try await store.unresolvedIntents()
    }

    func logSize() async throws(StorageError) -> UInt64 { try await store.logSize() }

    func logKey() async throws(StorageError) -> LogKeyRecord? { try await store.logKey() }

    func checkpoint(of size: UInt64?) async throws(StorageError) -> String? {
        try await store.checkpoint(of: size)
    }

    func event(id: String) async throws(StorageError) -> (index: Int64, body: Data)? {
        try await store.event(id: id)
    }

    func events(from index: Int64, limit: Int) async throws(StorageError) -> [(index: Int64, body: Data)] {
        try await store.events(from: index, limit: limit)
    }

    func events(
        in range: Range<Int64>, having marks: [[String]], octets: Int
    ) async throws(StorageError) -> EventSlice {
        try await store.events(in: range, having: marks, octets: octets)
    }

    func hash(of subtree: Subtree) async throws(StorageError) -> TreeHash {
        try await store.hash(of: subtree)
    }
}
