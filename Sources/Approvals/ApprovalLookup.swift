internal import Audit
internal import Foundation
internal import JSON
public import RecordKeeping
public import Storage

/// Finds requests that wait for officers, and marks overdue requests as expired.
public struct ApprovalLookup: Sendable {
    let store: any ApprovalStore & CertificateStore
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock

    /// The maximum number of requests that one call ends.
    static let mostAtOnce = 100

    /// The request with this id, EXPIRED if it is overdue. The caller must check that the principal may see
    /// it.
    public func approval(_ id: String) async throws(CAError) -> ApprovalRecord {
        let record: ApprovalRecord?
        do { record = try await store.approval(id) } catch { throw .storage(error) }
        guard let record else { throw .approvalNotFound(id) }
        return try await expired(record) ?? record
    }

    /// The template of the requested certificate; nil for other operations.
    public func templateARN(of approval: ApprovalRecord) async throws(CAError) -> String? {
        guard let serialNumber = approval.serialNumber else { return nil }
        do { return try await store.certificate(serialNumber: serialNumber)?.templateARN } catch {
            throw .storage(error)
        }
    }

    /// Marks overdue requests as expired.
    func expireOverdue() async throws(CAError) {
        let overdue: [String]
        do { overdue = try await store.overdueApprovals(at: clock.now(), limit: Self.mostAtOnce) } catch {
            throw .storage(error)
        }
        for id in overdue { _ = try await approval(id) }
    }

    /// The expired record of an overdue request; nil for any other request.
    public func expired(_ record: ApprovalRecord) async throws(CAError) -> ApprovalRecord? {
        guard record.allows(.expire), record.expiresAt <= clock.now() else { return nil }
        var record = record
        do { try record.expire("not approved in time") } catch { throw CAError(error) }
        try await conclude(
            &record,
            event: .service(
                .approvalExpired, scope: naming.scope, time: clock.now(),
                details: ["id": .string(record.id), "digest": .string(record.digest)]))
        return record
    }

    /// Records the end of a request without a certificate.
    func conclude(_ record: inout ApprovalRecord, event: AuditEvent) async throws(CAError) {
        try await recorder.commit(
            Self.end(of: record, try await reservedCertificate(of: record), event: event))
        record = record.updated()
    }

    /// The serial number reserved for the requested certificate; nil if none is reserved.
    func reservedCertificate(of record: ApprovalRecord) async throws(CAError) -> String? {
        guard let serialNumber = record.serialNumber else { return nil }
        do {
            return try await store.certificate(serialNumber: serialNumber)?.status == .reserved
                ? serialNumber : nil
        } catch { throw .storage(error) }
    }

    static func end(
        of record: ApprovalRecord, _ reserved: String?, event: AuditEvent
    ) -> [Change] {
        guard let reserved else { return [.updateApproval(record), .append(event)] }
        return [
            .updateApproval(record),
            .concludeCertificate(
                serialNumber: reserved, .failed(reason: record.outcome ?? "not approved"), outcome: event),
            .releaseIdempotency(answer: "\(record.resource)/certificate/\(reserved)"),
        ]
    }

    /// Finds the request that an officer approves or rejects.
    func approval(
        _ id: String, to change: ApprovalRecord.StateChange
    ) async throws(CAError) -> ApprovalRecord {
        let record = try await approval(id)
        guard record.allows(change) else {
            throw .invalidState("the request \(record.id) waits no longer: it is \(record.status.rawValue)")
        }
        return record
    }
}
