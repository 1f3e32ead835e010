internal import Foundation
public import RecordKeeping
internal import Storage

/// Expires overdue requests, and removes requests that ended long ago.
public struct EndApprovals: Sendable {
    let approvals: ApprovalLookup
    let recorder: Recorder
    let clock: Clock
    /// Seconds that an ended request is kept after its expiry time.
    let retention: TimeInterval

    /// Marks overdue requests as expired.
    public func expireOverdue() async throws(CAError) { try await approvals.expireOverdue() }

    /// Removes ended requests whose expiry time is longer ago than `retention`. Their events stay.
    public func removeEnded() async throws(CAError) {
        let time = clock.now().addingTimeInterval(-retention)
        try await recorder.commit([.removeApprovals(endedBefore: time)])
    }
}
