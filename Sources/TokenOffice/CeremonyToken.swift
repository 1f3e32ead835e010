internal import Identifiers
internal import PKCS11
internal import TokenAccess
public import TokenProtocol

/// A token at a ceremony, logged in by this process. It generates and uses keys by the worker's rules: the
/// strict template, the evidence, one mechanism for each key.
public struct CeremonyToken: ~Copyable {
    private let login: Officer.LoggedIn
    private let inspection: KeyInspection

    /// Logs in, once.
    public init(_ opening: WorkerRequest.Opening) throws(WorkerFailure) {
        login = try Officer.logIn(opening)
        inspection = KeyInspection(profile: login.token.profile)
    }

    public var description: TokenDescription { login.token.description }

    /// Whether an object has this CKA_ID or this CKA_LABEL.
    public func isTaken(identifier: [UInt8], label: String) throws(WorkerFailure) -> Bool {
        do {
            if try inspection.isTaken(identifier: identifier, in: login.session) { return true }
            return try !login.session.findObjects([(.label, .bytes(Array(label.utf8)))], limit: 1).isEmpty
        } catch { throw failure(error) }
    }

    /// Generates a key pair. It stays on the token even if the ceremony fails.
    public func generateKeyPair(
        _ kind: KeyKind, identifier: [UInt8], label: String, isDestroyable: Bool
    ) throws(WorkerFailure) -> KeyDescription {
        let template = StrictTemplate(kind: kind, profile: login.token.profile)
        do {
            _ = try template.generateKeyPair(
                identifier: identifier, label: label, isDestroyable: isDestroyable, in: login.session)
        } catch { throw failure(error) }
        return try find(kind, identifier: identifier)
    }

    /// Reads a key back.
    public func find(_ kind: KeyKind, identifier: [UInt8]) throws(WorkerFailure) -> KeyDescription {
        try inspection.find(kind, identifier: identifier, in: login.session).description
    }

    /// Tries forbidden uses of the key, which must fail.
    public func probe(identifier: [UInt8]) throws(WorkerFailure) -> [NegativeProbe] {
        // In a session of its own: an attempt may leave an operation open.
        let session = try login.token.openSession()
        return try Officer.evidence(identifier: identifier, profile: login.token.profile, in: session).probes
    }

    /// Signs, if the attributes read back allow it.
    /// - Returns: the signature in the token's format
    public func sign(
        _ input: [UInt8], _ scheme: SignatureScheme, _ kind: KeyKind, identifier: [UInt8]
    ) throws(WorkerFailure) -> [UInt8] {
        let (key, description) = try inspection.find(kind, identifier: identifier, in: login.session)
        guard description.evidence.verdict != .notProvable else {
            throw WorkerFailure(
                .evidence,
                "the key \(hexadecimal(identifier)) does not prove itself: "
                    + description.evidence.failures.map { "\($0.name) is \($0.found), not \($0.wanted)" }
                    .joined(separator: ", "))
        }
        return try key.sign(input, scheme, profile: login.token.profile, in: login.session)
    }

    private func failure(_ error: PKCS11Error) -> WorkerFailure { WorkerFailure(error, login.token.profile) }
}
