internal import Audit
internal import Authorization
internal import Foundation
internal import PKIX
internal import Storage

extension StorageConformance {
    /// Every member of every record is changed on its own, and must be read as it was written.
    static let memberChecks: [Check] = [
        Check(name: "every member of an authority is kept when it is inserted") { store in
            let baseline = authority("a")
            try RecordMember.requireComplete(authorityMembers, of: baseline, others: ["id", "revision"])
            try RecordMember.requireComplete(subjectMembers, of: SubjectAttributes())
            for (index, record) in authorityVariants(baseline).enumerated() {
                var record = record
                record.id = "v\(index)"
                if record.keyIdentifier == baseline.keyIdentifier {
                    record.keyIdentifier = Array(record.id.utf8)
                }
                try await store.commit([.insertCertificateAuthority(record)])
                let read = try await store.certificateAuthority(record.id)
                try require(read == record, "inserted \(record), read \(String(describing: read))")
                let listed = try await store.certificateAuthorities(after: nil, limit: 1000).last
                try require(listed == record, "inserted \(record), listed \(String(describing: listed))")
            }
        },
        Check(name: "every member of an authority is kept when it is updated") { store in
            var current = authority("a")
            try await store.commit([.insertCertificateAuthority(current)])
            // Changed and changed back, so that a member is also seen to lose its value.
            for variant in authorityVariants(authority("a")).flatMap({ [$0, authority("a")] }) {
                let revision = current.revision
                current = variant
                current.revision = revision
                try await store.commit([.updateCertificateAuthority(current)])
                current = current.updated()
                let read = try await store.certificateAuthority("a")
                try require(read == current, "updated to \(current), read \(String(describing: read))")
            }
        },
        Check(name: "every member of an approval is kept when it is inserted and updated") { store in
            let baseline = approval("a")
            try RecordMember.requireComplete(approvalMembers, of: baseline, others: ["id", "revision"])
            let word = ApprovalRecord.Approval(
                principal: "o", uid: 1, peer: Data([1]), time: Date(timeIntervalSince1970: 8))
            try RecordMember.requireComplete(wordMembers, of: word)
            let words = wordMembers.map { member in
                RecordMember<ApprovalRecord>("approvals", \.approvals, [word, member.changed(word)])
            }
            let variants = (approvalMembers + words).map { $0.changed(baseline) }
            for (index, variant) in variants.enumerated() {
                var record = variant
                record.id = "v\(index)"
                if record.serialNumber != nil { record.serialNumber = "serial \(index)" }
                try await store.commit([.insertApproval(record, within: room)])
                let read = try await store.approval(record.id)
                try require(read == record, "inserted \(record), read \(String(describing: read))")
            }
            var current = baseline
            try await store.commit([.insertApproval(current, within: room)])
            for variant in variants.flatMap({ [$0, baseline] }) {
                let revision = current.revision
                current = variant
                current.revision = revision
                try await store.commit([.updateApproval(current)])
                current = current.updated()
                let read = try await store.approval("a")
                try require(read == current, "updated to \(current), read \(String(describing: read))")
            }
        },
        Check(name: "every member of a certificate is kept") { store in
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            let baseline = certificate("base", of: "a")
            // A conclusion sets these three, and its own check covers them.
            let concluded: Set = ["status", "outcomeIndex", "issuedAt"]
            try RecordMember.requireComplete(certificateMembers, of: baseline, others: concluded)
            for (index, member) in certificateMembers.enumerated() {
                var record = member.changed(baseline)
                if record.serialNumber == baseline.serialNumber { record.serialNumber = "s\(index)" }
                try await store.commit([.reserveSerialNumber(record)])
                let reserved = try await store.certificate(serialNumber: record.serialNumber)
                try require(reserved == record, "reserved \(record), read \(String(describing: reserved))")
                let time = later.addingTimeInterval(Double(index))
                try await store.commit([
                    .concludeCertificate(
                        serialNumber: record.serialNumber, .issued([UInt8(index)]),
                        outcome: event(.signatureOutcome, at: time))
                ])
                record.status = .issued([UInt8(index)])
                record.outcomeIndex = UInt64(index)
                record.issuedAt = time
                let issued = try await store.certificate(serialNumber: record.serialNumber)
                try require(issued == record, "issued \(record), read \(String(describing: issued))")
                let listed = try await store.issuedCertificates(
                    of: record.certificateAuthority, after: nil, limit: 1000
                ).last
                try require(listed == record, "issued \(record), listed \(String(describing: listed))")
            }
            var failed = certificate("failed", of: "a")
            try await store.commit([
                .reserveSerialNumber(failed),
                .concludeCertificate(
                    serialNumber: "failed", .failed(reason: "why"), outcome: event(.signatureOutcome)),
            ])
            failed.status = .failed(reason: "why")
            failed.outcomeIndex = UInt64(certificateMembers.count)
            let read = try await store.certificate(serialNumber: "failed")
            try require(read == failed, "failed \(failed), read \(String(describing: read))")
        },
        Check(name: "every member of an audit report, an idempotency claim and an intent is kept") { store in
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            let report = AuditReportRecord(
                id: "r", certificateAuthority: "a", bucket: "bucket", key: "key", createdAt: later)
            try RecordMember.requireComplete(reportMembers, of: report)
            for (index, member) in reportMembers.enumerated() {
                var record = member.changed(report)
                if record.id == report.id { record.id = "r\(index)" }
                try await store.commit([.insertAuditReport(record, unlessOneSince: .distantFuture)])
                let read = try await store.auditReport(record.id)
                try require(read == record, "inserted \(record), read \(String(describing: read))")
            }
            try RecordMember.requireComplete(claimMembers, of: claim("base"))
            for (index, member) in claimMembers.enumerated() {
                var record = member.changed(claim("base"))
                if record.key == "base" { record.key = "k\(index)" }
                try await store.commit([.claimIdempotency(record)])
                let read = try await store.idempotencyClaim(key: record.key, at: record.madeAt)
                try require(read == record, "claimed \(record), read \(String(describing: read))")
            }
            try RecordMember.requireComplete(intentMembers, of: intent("one"))
            for (index, member) in intentMembers.enumerated() {
                var record = member.changed(intent("one"))
                if record.id == intent("one").id { record.id = "i\(index)" }
                try await store.commit([.openIntent(record)])
                let read = try await store.unresolvedIntents().first { $0.id == record.id }
                try require(read == record, "opened \(record), read \(String(describing: read))")
            }
        },
        Check(name: "the log's key is kept, once") { store in
            try require(try await store.logKey() == nil, "a key out of nowhere")
            let key = LogKeyRecord(identifier: [0, 255], subjectPublicKeyInfo: [48, 0])
            try await store.commit([.recordLogKey(key)])
            try require(try await store.logKey() == key, "not as recorded")
            _ = try await refusal(store, [.recordLogKey(.init(identifier: [1], subjectPublicKeyInfo: [1]))])
            try require(try await store.logKey() == key, "the key changed")
        },
    ]

    /// Changes each member of the record, of its subject and of its permission, one at a time.
    private static func authorityVariants(
        _ baseline: CertificateAuthorityRecord
    ) -> [CertificateAuthorityRecord] {
        let permission = PermissionRecord(
            principal: "p", sourceAccount: "0", actions: ["A"], createdAt: Date(timeIntervalSince1970: 2.5))
        let permissions = permissionMembers.map { [permission, $0.changed(permission)] }
        return authorityMembers.map { $0.changed(baseline) }
            + subjectMembers.map { member in
                var record = baseline
                member.change(&record.subject)
                return record
            }
            + permissions.map { list in
                var record = baseline
                record.permissions = list
                return record
            }
    }
}
