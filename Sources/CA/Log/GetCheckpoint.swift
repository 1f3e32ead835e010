public import Audit
public import Authorization
public import TransparencyLog

/// Shows the log's newest checkpoint.
public struct GetCheckpoint: Authorizable {
    public static let action = Action.getCheckpoint
    public let resource = "*"

    public init() {}
}

extension CertificateAuthorities {
    /// The newest checkpoint and the key it is verified with.
    public func getCheckpoint(
        _ authorized: consuming Authorized<GetCheckpoint>, for call: APICall
    ) async throws(CAError) -> Audited<(note: SignedNote?, verifier: NoteVerifier?)> {
        let statement = authorized.statement
        let note = try await publishedCheckpoint()
        let output = (note: note, verifier: try await logVerifier())
        return try await answer(output, to: call, allowedBy: statement)
    }
}
