internal import Foundation
public import RecordKeeping
internal import Storage

/// Ends the requests whose time is over, and forgets those that ended long ago.
public struct EndApprovals: Sendable {
    let approvals: ApprovalLookup
    let recorder: Recorder
    let clock: Clock
    /// Seconds that a request which ended is kept after its time is over.
    let retention: TimeInterval

    /// Ends the requests whose time is over.
    public func expireOverdue() async throws(CAError) { try await approvals.expireOverdue() }

    /// Forgets the requests that ended and whose time was over longer ago than they are kept. Their events
    /// stay.
    public func removeEnded() async throws(CAError) {
        let time = clock.now().addingTimeInterval(-retention)
        try await recorder.commit([.removeApprovals(endedBefore: time)])
    }
}
