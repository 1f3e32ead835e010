import Audit
import Foundation
import Storage

/// The state of an ``InMemoryStore``, and the effect of each change on it.
struct StoreState {
    /// In the order of creation, as the approvals are.
    var authorities: [CertificateAuthorityRecord] = []
    var certificates: [String: CertificateRecord] = [:]
    var claims: [String: IdempotencyClaim] = [:]
    var approvals: [ApprovalRecord] = []
    var reports: [AuditReportRecord] = []
    /// In their order, from place 1 on.
    var revocations: [RevocationRecord] = []
    var listNumbers: [String: Int64] = [:]
    var lists: [String: CertificateListRecord] = [:]
    /// By authority and index.
    var partitionLists: [String: [Int: CertificateListRecord]] = [:]
    var importedLists: [String: ImportedListRecord] = [:]
    var imported: [ImportedCertificateRecord] = []
    var responders: [String: ResponderRecord] = [:]
    var intents: [IntentRecord] = []
    var events: [AuditEvent] = []
    var logKey: LogKeyRecord?
    var checkpoints: [UInt64: String] = [:]

    func numberedEvents(from index: Int64) -> some Sequence<(index: Int64, event: AuditEvent)> {
        let start = min(max(0, Int(index)), events.count)
        return zip(Int64(start)..., events[start...]).lazy.map { (index: $0, event: $1) }
    }

    func pending(_ requester: String) -> [ApprovalRecord] {
        approvals.filter { $0.status == .pending && $0.requester == requester }
    }

    func pendingApprovals(_ requester: String) -> PendingApprovals {
        let pending = pending(requester)
        return PendingApprovals(
            count: pending.count, octets: pending.reduce(0) { $0 + $1.octets })
    }

    mutating func apply(_ change: Change) throws(StorageError) {
        switch change {
        case .insertCertificateAuthority(let record):
            guard !authorities.contains(where: { $0.id == record.id }) else {
                throw .conflict("the certificate authority \(record.id)")
            }
            authorities.append(record)
        case .updateCertificateAuthority(let record):
            guard
                let place = authorities.firstIndex(where: {
                    $0.id == record.id && $0.revision == record.revision
                })
            else { throw .conflict("the certificate authority \(record.id)") }
            authorities[place] = record.updated()
        case .reserveSerialNumber(let record):
            guard certificates[record.serialNumber] == nil else { throw .serialNumberTaken }
            certificates[record.serialNumber] = record
        case .concludeCertificate(let serialNumber, let status, let outcome):
            try conclude(serialNumber, status, outcome)
        case .claimIdempotency(let claim):
            claims = claims.filter { $0.value.expiresAt > claim.madeAt }
            if let earlier = claims[claim.key] { throw .alreadyClaimed(earlier) }
            claims[claim.key] = claim
        case .releaseIdempotency(let answer): claims = claims.filter { $0.value.answer != answer }
        case .insertApproval(let record, let limits): try insert(record, within: limits)
        case .updateApproval(let record):
            guard
                let place = approvals.firstIndex(where: {
                    $0.id == record.id && $0.revision == record.revision
                })
            else { throw .conflict("the approval \(record.id)") }
            approvals[place] = record.updated()
        case .removeApprovals(let time):
            approvals.removeAll {
                ![.pending, .approved].contains($0.status) && $0.expiresAt < time
            }
        case .insertAuditReport(let record, let time):
            let isTooSoon = reports.contains {
                $0.certificateAuthority == record.certificateAuthority && $0.createdAt > time
                    && $0.status != .failed
            }
            guard !isTooSoon else {
                throw .conflict("the audit reports of \(record.certificateAuthority)")
            }
            reports.append(record)
        case .concludeAuditReport(let id, let status):
            guard let place = reports.firstIndex(where: { $0.id == id && $0.status == .creating }) else {
                throw .conflict("the audit report \(id)")
            }
            reports[place].status = status
        case .revoke(let record):
            guard
                !revocations.contains(where: {
                    $0.certificateAuthority == record.certificateAuthority
                        && $0.serialNumber == record.serialNumber
                })
            else { throw .alreadyRevoked }
            revocations.append(record)
        case .reserveListNumber(let authority, let number):
            guard number > listNumbers[authority] ?? 0 else {
                throw .conflict("the CRL of the certificate authority \(authority)")
            }
            listNumbers[authority] = number
        case .recordCertificateList(let record):
            if let partition = record.partition {
                partitionLists[record.certificateAuthority, default: [:]][partition.index] = record
            } else {
                lists[record.certificateAuthority] = record
            }
        case .recordImportedList(let record): importedLists[record.id] = record
        case .insertImportedCertificate(let record):
            guard
                !imported.contains(where: {
                    $0.certificateAuthority == record.certificateAuthority
                        && $0.serialNumber == record.serialNumber
                })
            else { throw .conflict("the imported certificate") }
            imported.append(record)
        case .recordResponder(let record):
            let known = responders[record.certificateAuthority]
            guard
                known.map({
                    $0.keyIdentifier == record.keyIdentifier
                        && $0.subjectPublicKeyInfo == record.subjectPublicKeyInfo
                }) ?? true
            else {
                throw .conflict("the responder of the certificate authority \(record.certificateAuthority)")
            }
            responders[record.certificateAuthority] = record
        case .openIntent(let intent): intents.append(intent)
        case .closeIntent(let id):
            guard let place = intents.firstIndex(where: { $0.id == id }) else {
                throw .conflict("the intent \(id)")
            }
            intents.remove(at: place)
        case .append(let event): try append(event)
        case .recordLogKey(let key):
            guard logKey == nil else { throw .conflict("the key of the log") }
            logKey = key
        case .recordCheckpoint(let size, let note): checkpoints[size] = note
        }
    }

    private mutating func append(_ event: AuditEvent) throws(StorageError) {
        guard !events.contains(where: { $0.id == event.id }) else { throw .conflict("the event \(event.id)") }
        events.append(event)
    }

    private mutating func conclude(
        _ serialNumber: String, _ status: CertificateRecord.Status, _ outcome: AuditEvent
    ) throws(StorageError) {
        guard var record = certificates[serialNumber], record.status == .reserved else {
            throw .conflict("the certificate \(serialNumber)")
        }
        record.status = status
        record.outcomeIndex = UInt64(events.count)
        if case .issued = status { record.issuedAt = outcome.time }
        certificates[serialNumber] = record
        try append(outcome)
    }

    private mutating func insert(
        _ record: ApprovalRecord, within limits: ApprovalLimits
    ) throws(StorageError) {
        guard pendingApprovals(record.requester).leaveRoom(for: record.octets, within: limits) else {
            throw .approvalsExceeded(limits)
        }
        let isTaken = approvals.contains {
            $0.id == record.id || record.serialNumber != nil && $0.serialNumber == record.serialNumber
        }
        guard !isTaken else { throw .conflict("the approval \(record.id)") }
        approvals.append(record)
    }
}
