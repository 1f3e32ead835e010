public import Audit
public import Authorization
public import RecordKeeping

/// Shows the daemon's jobs.
public struct ListJobs: Sendable {
    let board: JobBoard
    let recorder: Recorder

    public struct Request: Authorizable {
        public static let action = Action.listJobs
        public let resource = "*"

        public init() {}
    }

    public init(board: JobBoard, recorder: Recorder) {
        self.board = board
        self.recorder = recorder
    }

    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<[JobStatus]> {
        try await recorder.answer(authorized, for: call) { _ in board.statuses }
    }
}
