public import Audit
public import Authorization
public import RecordKeeping
public import TransparencyLog

/// Shows the log's newest checkpoint.
public struct GetCheckpoint: Sendable {
    let checkpoints: LogCheckpoints
    let recorder: Recorder

    public struct Request: Authorizable {
        public static let action = Action.getCheckpoint
        public let resource = "*"

        public init() {}
    }

    /// The newest checkpoint and the key it is verified with.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<(note: SignedNote?, verifier: NoteVerifier?)> {
        try await recorder.answer(authorized, for: call) { (_) throws(CAError) in
            (note: try await checkpoints.published(), verifier: try await checkpoints.verifier())
        }
    }
}
