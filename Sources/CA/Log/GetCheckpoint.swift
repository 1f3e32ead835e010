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
        _ authorized: consuming Authorized<GetCheckpoint>
    ) async throws(CAError) -> (note: SignedNote?, verifier: NoteVerifier?) {
        let note = try await publishedCheckpoint()
        return (note, try await logVerifier())
    }
}
