import Audit
internal import Foundation
internal import Storage

extension StorageConformance {
    /// Storage of requests for approval.
    static let approvalChecks: [Check] = [
        Check(name: "an approval is read as it was written, and concurrent updates conflict") { store in
            var record = approval("a", serialNumber: "aa")
            try await store.commit([
                .insertApproval(record, within: room), .insertApproval(approval("b"), within: room),
            ])
            try require(try await store.approval("a") == record, "the inserted record differs")
            try require(try await store.approval(serialNumber: "aa") == record, "not found by its number")
            try require(
                try await store.approval(serialNumber: "bb") == nil,
                "an unknown serial number finds an approval")
            record.approvals = [
                .init(
                    principal: "o", uid: 4_294_967_294, peer: Data([1, 2]),
                    time: Date(timeIntervalSince1970: 8.5))
            ]
            record.status = .rejected
            record.outcome = "no"
            try await store.commit([.updateApproval(record)])
            try require(try await store.approval("a") == record.updated(), "the updated record differs")
            guard case .conflict = try await refusal(store, [.updateApproval(record)]) else {
                throw Violation(description: "not a conflict")
            }
            func ids(_ status: ApprovalRecord.Status?, after: String? = nil, limit: Int = 9) async throws
                -> [String]
            {
                try await store.approvals(status, after: after, limit: limit).map(\.id)
            }
            try require(try await ids(nil) == ["b", "a"], "not the newest first")
            try require(try await ids(nil, limit: 1) == ["b"], "more than the limit")
            try require(try await ids(nil, after: "b") == ["a"], "not the page after")
            try require(try await ids(nil, after: "a").isEmpty, "an entry after the last")
            try require(try await ids(.pending) == ["b"], "the pending requests differ")
            try require(
                try await store.approvals(nil, after: "b", limit: 1).first == ApprovalSummary(record),
                "a summary differs from its record")
            _ = try await refusal(
                store, [.insertApproval(approval("c", serialNumber: "aa"), within: room)])
        },
        Check(name: "approvals are found by digest, limited by requester, and expire") { store in
            try await store.commit([
                .insertApproval(approval("a"), within: ApprovalLimits(count: 1, octets: 4))
            ])
            try require(
                try await store.pendingApproval(digest: "d", requester: "r") == "a",
                "not found by its digest"
            )
            try require(
                try await store.pendingApproval(digest: "d", requester: "s") == nil,
                "the request of another requester is found")
            try require(
                try await store.pendingApproval(digest: "e", requester: "r") == nil, "another digest is found"
            )
            // Body and content have two octets each.
            for limits in [ApprovalLimits(count: 1, octets: 99), ApprovalLimits(count: 9, octets: 7)] {
                guard
                    case .approvalsExceeded(limits) = try await refusal(
                        store, [.insertApproval(approval("b"), within: limits)])
                else { throw Violation(description: "more than the limits allow") }
            }
            var other = approval("c")
            other.requester = "s"
            try await store.commit([.insertApproval(other, within: ApprovalLimits(count: 1, octets: 4))])
            try await store.commit([
                .insertApproval(approval("d"), within: ApprovalLimits(count: 2, octets: 8))
            ])
            for (requester, count) in [("r", 2), ("s", 1), ("t", 0)] {
                try require(
                    try await store.pendingApprovals(requester: requester)
                        == PendingApprovals(count: count, octets: 4 * count),
                    "the pending requests of \(requester) are miscounted")
            }
            let overdue = try await store.overdueApprovals(at: Date(timeIntervalSince1970: 9), limit: 9)
            try require(Set(overdue) == ["a", "c", "d"], "not the expired requests")
            try require(
                try await store.overdueApprovals(at: Date(timeIntervalSince1970: 9), limit: 1).count == 1,
                "more than the limit")
            try require(
                try await store.overdueApprovals(at: Date(timeIntervalSince1970: 8.9), limit: 9).isEmpty,
                "expired too early")
            var ended = approval("a")
            ended.status = .expired
            try await store.commit([.updateApproval(ended)])
            ended = ended.updated()
            try await store.commit([.removeApprovals(endedBefore: Date(timeIntervalSince1970: 9))])
            try require(try await store.approval("a") == ended, "removed too early")
            try await store.commit([.removeApprovals(endedBefore: Date(timeIntervalSince1970: 10))])
            try require(try await store.approval("a") == nil, "not removed")
            try require(try await store.approval("d") != nil, "a pending request was removed")
            try require(
                try await store.pendingApprovals(requester: "r") == PendingApprovals(count: 1, octets: 4),
                "an expired request still counts")
            // The place of the expired request is free again.
            try await store.commit([
                .insertApproval(approval("e"), within: ApprovalLimits(count: 2, octets: 8))
            ])
        },
    ]
}
