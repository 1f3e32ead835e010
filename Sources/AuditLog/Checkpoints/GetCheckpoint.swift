public import Audit
public import Authorization
public import RecordKeeping
public import TransparencyLog

/// Shows the log's newest checkpoint.
public struct GetCheckpoint: Sendable {
    let checkpoints: LogCheckpoints
    let recorder: Recorder

    /// Shows the log's newest checkpoint.
    public struct Request: Authorizable {
        public static let action = Action.getCheckpoint
        public let resource = "*"

        public init() {}
    }

    /// The newest checkpoint and the key it is verified with.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<(note: SignedNote?, verifier: NoteVerifier?)> {
        let statement = authorized.statement
        let note = try await checkpoints.published()
        let output = (note: note, verifier: try await checkpoints.verifier())
        return try await recorder.answer(output, to: call, allowedBy: statement)
    }
}
