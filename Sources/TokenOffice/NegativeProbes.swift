internal import PKCS11
internal import TokenAccess
internal import TokenProtocol

/// A forbidden use of a signing key, and the token's answer to an attempt.
public struct NegativeProbe: Sendable, Hashable, Encodable {
    /// Such as `read CKA_VALUE`.
    public let attempt: String
    /// The standard's name of the return value.
    public let answer: String
    public let isRefused: Bool
    /// Whether the attempt was inconclusive: the token neither did it nor refused it, or the attempt could
    /// not be set up.
    public let isInconclusive: Bool
    /// Whether it was tried only on a twin key, because the token allowed it there and it would have harmed
    /// the key itself.
    public let isOnTwin: Bool
}

/// Tries forbidden uses of a private key, which must fail. Changes are tried first on a twin, which is made
/// with the same template and destroyed afterwards, because some tokens copy and change keys in spite of
/// their attributes.
struct NegativeProbes {
    let profile: TokenProfile

    /// The session may be left with an operation open.
    /// - Parameter mayChange: whether to try changes; on a modifiable key they would prove nothing
    func run(
        on key: TokenKey, mayChange: Bool, in session: borrowing Session
    ) -> [NegativeProbe] {
        let secret = key.secretAttribute
        var probes = [
            probe("read \(secret)", session.attemptToRead(secret, of: key.handle)),
            probe("wrap with a fresh AES key", session.attemptToWrap(key.handle)),
        ]
        if mayChange { probes += changes(of: key, in: session) }
        probes.append(probe("decrypt", session.attemptToDecrypt(with: key.handle, mechanism: .rsaPKCS)))
        return probes
    }

    private struct Change {
        let name: String
        let isCopy: Bool
        let template: AttributeTemplate
    }

    private static let changes = [
        Change(
            name: "copy with CKA_EXTRACTABLE TRUE", isCopy: true, template: [(.extractable, .boolean(true))]),
        Change(name: "copy as a session object", isCopy: true, template: [(.token, .boolean(false))]),
        Change(name: "set CKA_EXTRACTABLE TRUE", isCopy: false, template: [(.extractable, .boolean(true))]),
        Change(name: "set CKA_DECRYPT TRUE", isCopy: false, template: [(.decrypt, .boolean(true))]),
        Change(name: "set CKA_SENSITIVE FALSE", isCopy: false, template: [(.sensitive, .boolean(false))]),
    ]

    private func changes(
        of key: TokenKey, in session: borrowing Session
    ) -> [NegativeProbe] {
        let identifier: [UInt8] = Array("signet-twin".utf8) + (0..<8).map { _ in UInt8.random(in: 0...255) }
        let template = StrictTemplate(kind: key.kind, profile: profile)
        let twin: (publicKey: ObjectHandle, privateKey: ObjectHandle)
        do {
            twin = try template.generateKeyPair(
                identifier: identifier, label: "signet-twin", isDestroyable: true, in: session)
        } catch {
            return [
                NegativeProbe(
                    attempt: "make a twin to try changes on (\(error.function))",
                    answer: error.returnValue.description, isRefused: false, isInconclusive: true,
                    isOnTwin: true)
            ]
        }
        var probes: [NegativeProbe] = []
        for change in Self.changes {
            let answer = attempt(change, on: twin.privateKey, in: session)
            guard answer != .ok else {
                probes.append(probe(change.name, answer, isOnTwin: true))
                continue
            }
            probes.append(probe(change.name, attempt(change, on: key.handle, in: session)))
        }
        for object in [twin.privateKey, twin.publicKey] {
            do { try session.destroy(object) } catch {
                probes.append(
                    NegativeProbe(
                        attempt: "destroy the twin, which stays (CKA_LABEL signet-twin)",
                        answer: error.returnValue.description, isRefused: false, isInconclusive: true,
                        isOnTwin: true))
            }
        }
        return probes
    }

    private func attempt(_ change: Change, on key: ObjectHandle, in session: borrowing Session) -> ReturnValue
    {
        change.isCopy
            ? session.attemptToCopy(key, with: change.template)
            : session.attemptToSet(change.template, of: key)
    }

    private func probe(_ attempt: String, _ answer: ReturnValue, isOnTwin: Bool = false) -> NegativeProbe {
        let isRefused = Self.isRefusal(answer)
        return NegativeProbe(
            attempt: attempt, answer: answer.description, isRefused: isRefused,
            isInconclusive: !isRefused && answer != .ok, isOnTwin: isOnTwin)
    }

    /// Whether the return value refuses the attempt for this key or for the whole token.
    static func isRefusal(_ answer: ReturnValue) -> Bool { refusals.contains(answer) }

    private static let refusals: Set<ReturnValue> = [
        .argumentsBad, .attributeReadOnly, .attributeSensitive, .attributeTypeInvalid, .attributeValueInvalid,
        .actionProhibited, .functionNotSupported, .keySizeRange, .keyTypeInconsistent,
        .keyFunctionNotPermitted,
        .keyNotWrappable, .keyUnextractable, .mechanismInvalid, .mechanismParamInvalid, .templateIncomplete,
        .templateInconsistent, .wrappingKeyTypeInconsistent,
    ]
}
