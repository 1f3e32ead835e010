internal import PKCS11
internal import TokenProtocol

/// Something a signing key must not let anybody do, and what the token answered when it was tried.
public struct NegativeProbe: Sendable, Hashable, Encodable {
    /// Such as `read CKA_VALUE`.
    public let attempt: String
    /// The standard's name of the return value.
    public let answer: String
    public let isRefused: Bool
}

enum NegativeProbes {
    /// Tries on the private key what must fail. The session may be left with an operation open.
    /// - Parameter mayChange: whether to try changes too; on a key that can be modified they would be made
    static func run(
        on key: KeyInspection.SigningKey, mayChange: Bool, in session: borrowing Session
    ) -> [NegativeProbe] {
        let secret: AttributeType =
            switch key.kind {
            case .ecP256, .ecP384, .ecP521: .value
            case .rsa2048, .rsa3072, .rsa4096: .privateExponent
            }
        let extractable: AttributeTemplate = [(.extractable, .boolean(true))]
        var answers: [(String, ReturnValue)] = [
            ("read \(secret)", session.attemptToRead(secret, of: key.handle)),
            ("wrap with a fresh AES key", session.attemptToWrap(key.handle)),
            ("copy with CKA_EXTRACTABLE TRUE", session.attemptToCopy(key.handle, with: extractable)),
            (
                "copy as a session object",
                session.attemptToCopy(key.handle, with: [(.token, .boolean(false))])
            ),
        ]
        if mayChange {
            answers += [
                ("set CKA_EXTRACTABLE TRUE", session.attemptToSet(extractable, of: key.handle)),
                ("set CKA_DECRYPT TRUE", session.attemptToSet([(.decrypt, .boolean(true))], of: key.handle)),
                (
                    "set CKA_SENSITIVE FALSE",
                    session.attemptToSet([(.sensitive, .boolean(false))], of: key.handle)
                ),
            ]
        }
        answers.append(("decrypt", session.attemptToDecrypt(with: key.handle, mechanism: .rsaPKCS)))
        return answers.map { NegativeProbe(attempt: $0, answer: $1.description, isRefused: $1 != .ok) }
    }
}
