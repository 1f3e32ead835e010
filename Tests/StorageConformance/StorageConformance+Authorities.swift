import Audit
internal import Foundation
internal import Storage

extension StorageConformance {
    /// Storage of authorities and their audit reports.
    static let authorityChecks: [Check] = [
        Check(name: "an authority is read as it was written") { store in
            var record = authority("a")
            try await store.commit([.insertCertificateAuthority(record)])
            try require(
                try await store.certificateAuthority("a") == record, "the inserted record differs")
            record.status = .active
            record.subjectPublicKeyInfo = [1]
            record.certificateSigningRequest = [2]
            record.certificate = [3, 0]
            record.chain = [[4], [], [5, 255]]
            record.tags = ["team": "ü", "empty": ""]
            record.policy = #"{"Statement": []}"#
            record.permissions = [
                PermissionRecord(
                    principal: "p", sourceAccount: "0", actions: ["A", "B"],
                    createdAt: Date(timeIntervalSince1970: 1_700_000_002.5))
            ]
            try await store.commit([.updateCertificateAuthority(record)])
            try require(
                try await store.certificateAuthority("a") == record.updated(),
                "the updated record differs")
            try require(try await store.certificateAuthority("b") == nil, "an unknown ID finds an authority")
        },
        Check(name: "an update of an outdated revision is refused") { store in
            try await store.commit([.insertCertificateAuthority(authority("a"))])
            try await store.commit([.updateCertificateAuthority(authority("a"))])
            for revision: Int64 in [0, 2] {
                guard
                    case .conflict = try await refusal(
                        store, [.updateCertificateAuthority(authority("a", revision: revision))])
                else { throw Violation(description: "not a conflict") }
            }
        },
        Check(name: "pages follow the order of creation") { store in
            for id in ["c", "a", "b"] {
                try await store.commit([.insertCertificateAuthority(authority(id))])
            }
            let first = try await store.certificateAuthorities(after: nil, limit: 2).map(\.id)
            let second = try await store.certificateAuthorities(after: "a", limit: 2).map(\.id)
            try require(first == ["c", "a"], "first page \(first)")
            try require(second == ["b"], "second page \(second)")
        },
        Check(name: "an audit report is concluded once, and delays the next one") {
            store in
            for id in ["a", "b"] { try await store.commit([.insertCertificateAuthority(authority(id))]) }
            func report(_ id: String, of authority: String = "a", _ seconds: TimeInterval)
                -> AuditReportRecord
            {
                AuditReportRecord(
                    id: id, certificateAuthority: authority, bucket: "bucket", key: "k/\(id)",
                    createdAt: later.addingTimeInterval(seconds))
            }
            func insert(_ record: AuditReportRecord) -> [Change] {
                [.insertAuditReport(record, unlessOneSince: record.createdAt.addingTimeInterval(-60))]
            }
            try await store.commit(insert(report("one", 0)))
            try require(try await store.auditReport("one") == report("one", 0), "not as inserted")
            try require(try await store.auditReport("two") == nil, "an unknown ID finds a report")
            guard case .conflict = try await refusal(store, insert(report("two", 59))) else {
                throw Violation(description: "not a conflict")
            }
            try await store.commit(insert(report("other", of: "b", 1)))
            try require(
                try await store.unfinishedAuditReports().map(\.id) == ["one", "other"],
                "not the unfinished reports")
            try await store.commit([.concludeAuditReport(id: "one", .success)])
            _ = try await refusal(store, [.concludeAuditReport(id: "one", .failed)])
            _ = try await refusal(store, [.concludeAuditReport(id: "none", .failed)])
            try require(try await store.auditReport("one")?.status == .success, "the outcome changed")
            _ = try await refusal(store, insert(report("two", 59)))
            try await store.commit(insert(report("two", 60)))
            // A failed report does not delay the next one.
            try await store.commit([.concludeAuditReport(id: "two", .failed)])
            try await store.commit(insert(report("three", 61)))
            try require(
                try await store.unfinishedAuditReports().map(\.id) == ["other", "three"],
                "not the unfinished reports at the end")
        },
    ]
}
