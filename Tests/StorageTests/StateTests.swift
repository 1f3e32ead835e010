import Foundation
import Storage
import StorageConformance
import Testing

/// The states of records, and their transitions.
struct StateTests {
    typealias Authority = CertificateAuthorityRecord

    private static let time = Date(timeIntervalSince1970: 1_900_000_000)

    private static func apply(
        _ change: Authority.StateChange, _ record: inout Authority
    ) throws(IllegalStateChange) {
        switch change {
        case .adoptAgain: try record.adoptAgain(at: time)
        case .awaitCertificate: try record.awaitCertificate(at: time)
        case .adopt: try record.adopt(certificate: [1], chain: [[2]], at: time)
        case .activate: try record.activate(certificate: [1], chain: [[2]], at: time)
        case .disable: try record.disable(at: time)
        case .enable: try record.enable(at: time)
        case .fail: try record.fail(at: time)
        }
    }

    private static func apply(
        _ change: ApprovalRecord.StateChange, _ record: inout ApprovalRecord
    ) throws(IllegalStateChange) {
        switch change {
        case .approve: try record.approve()
        case .reject: try record.reject("no")
        case .expire: try record.expire("late")
        case .complete: try record.complete()
        case .fail: try record.fail("why")
        }
    }

    @Test(arguments: Authority.StateChange.allCases)
    func `an authority changes its state only from the permitted states`(
        _ change: Authority.StateChange
    ) {
        let expected: (origins: Set<Authority.Status>, result: Authority.Status) =
            switch change {
            case .adoptAgain: ([.failed], .creating)
            case .awaitCertificate: ([.creating], .pendingCertificate)
            case .adopt: ([.creating], .active)
            case .activate: ([.pendingCertificate, .active], .active)
            case .disable: ([.active], .disabled)
            case .enable: ([.disabled], .active)
            case .fail: ([.creating], .failed)
            }
        for status in [Authority.Status.creating, .pendingCertificate, .active, .disabled, .failed] {
            var record = StorageConformance.authority("a")
            record.status = status
            let before = record
            #expect(record.allows(change) == expected.origins.contains(status))
            guard record.allows(change) else {
                #expect(throws: IllegalStateChange.self) { try Self.apply(change, &record) }
                #expect(record == before)
                continue
            }
            #expect(throws: Never.self) { try Self.apply(change, &record) }
            #expect(record.status == expected.result)
            #expect(record.lastStateChangeAt == Self.time)
        }
    }

    @Test(arguments: ApprovalRecord.StateChange.allCases)
    func `a request for approval changes its state only from the permitted states`(
        _ change: ApprovalRecord.StateChange
    ) {
        let expected: (origin: ApprovalRecord.Status, result: ApprovalRecord.Status, outcome: String?) =
            switch change {
            case .approve: (.pending, .approved, nil)
            case .reject: (.pending, .rejected, "no")
            case .expire: (.pending, .expired, "late")
            case .complete: (.approved, .completed, nil)
            case .fail: (.approved, .failed, "why")
            }
        let states: [ApprovalRecord.Status] = [
            .pending, .approved, .completed, .failed, .rejected, .expired,
        ]
        for status in states {
            var record = StorageConformance.approval("a")
            record.status = status
            let before = record
            #expect(record.allows(change) == (status == expected.origin))
            guard record.allows(change) else {
                #expect(throws: IllegalStateChange.self) { try Self.apply(change, &record) }
                #expect(record == before)
                continue
            }
            #expect(throws: Never.self) { try Self.apply(change, &record) }
            #expect(record.status == expected.result)
            #expect(record.outcome == expected.outcome)
        }
    }

    @Test func `a repeated adoption of an authority starts without policy, permissions and tags`() throws {
        var record = StorageConformance.authority("a")
        record.status = .failed
        record.tags = ["team": "web"]
        record.policy = "{}"
        record.permissions = [
            PermissionRecord(principal: "p", sourceAccount: "0", actions: [], createdAt: Self.time)
        ]
        try record.adoptAgain(at: Self.time)
        #expect(record.tags.isEmpty)
        #expect(record.policy == nil)
        #expect(record.permissions.isEmpty)
    }
}
