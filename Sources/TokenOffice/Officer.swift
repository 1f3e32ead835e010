internal import Identifiers
internal import PKCS11
internal import TokenAccess
public import TokenProtocol

/// A token in the output of `signet-token list`.
public struct TokenSummary: Sendable, Hashable, Encodable {
    public let slot: UInt
    public let label: String
    public let serialNumber: String
    public let manufacturer: String
    public let model: String
    public let firmware: String
    public let isInitialized: Bool
    /// `not set`, `set`, `wrong once`, `final try` or `locked`.
    public let userPIN: String
}

/// A private key that `signet-token keys` cannot judge: Signet does not sign with it.
public struct UnjudgedKey: Sendable {
    /// CKA_ID; nil when it has none.
    public let identifier: [UInt8]?
    public let label: String
    public let reason: String
}

/// A key pair in the output of `signet-token keys` and `evidence`.
public struct KeySummary: Sendable {
    public let label: String
    public let description: KeyDescription
    public let kind: KeyKind
}

/// An officer's operations on a token, in this process, without the daemon.
public enum Officer {
    /// All tokens of the module, initialized or not.
    public static func tokens(
        _ location: ModuleLocation, profile: TokenProfile
    ) throws(WorkerFailure) -> [TokenSummary] {
        let module = try LoadedModule.load(location, profile)
        do throws(PKCS11Error) {
            var list: [TokenSummary] = []
            for slot in try module.slotsWithToken() {
                list.append(TokenSummary(try module.tokenInfo(of: slot), slot: slot))
            }
            return list
        } catch { throw WorkerFailure(error, profile) }
    }

    /// Logs in, once, and reads back every private key; keys of other kinds than Signet's are listed with the
    /// reason.
    public static func keys(
        _ opening: WorkerRequest.Opening
    ) throws(WorkerFailure) -> (keys: [KeySummary], others: [UnjudgedKey]) {
        let login = try logIn(opening)
        let inspection = KeyInspection(profile: login.token.profile)
        do {
            var keys: [KeySummary] = []
            var others: [UnjudgedKey] = []
            for key in try login.session.findObjects(
                [(.objectClass, .number(ObjectClass.privateKey.rawValue))], limit: 10_000)
            {
                let label = String(
                    decoding: try login.session.attribute(.label, of: key) ?? [], as: UTF8.self)
                let identifier = try login.session.attribute(.identifier, of: key)
                var reason = "it has no CKA_ID"
                if let identifier, !identifier.isEmpty {
                    reason = "it has no public key with its CKA_ID, or is of a kind Signet does not make"
                    if let kind = try inspection.kind(identifier: identifier, in: login.session) {
                        do {
                            let found = try inspection.find(kind, identifier: identifier, in: login.session)
                            keys.append(KeySummary(label: label, description: found.description, kind: kind))
                            continue
                        } catch { reason = error.message }
                    }
                }
                others.append(UnjudgedKey(identifier: identifier, label: label, reason: reason))
            }
            return (keys, others)
        } catch {
            throw WorkerFailure(error, login.token.profile)
        }
    }

    /// Logs in, once, reads one key back and tries its forbidden uses.
    public static func evidence(
        _ opening: WorkerRequest.Opening, identifier: [UInt8]
    ) throws(WorkerFailure) -> (key: KeySummary, probes: [NegativeProbe]) {
        let login = try logIn(opening)
        return try evidence(identifier: identifier, profile: login.token.profile, in: login.session)
    }

    static func evidence(
        identifier: [UInt8], profile: TokenProfile, in session: borrowing Session
    ) throws(WorkerFailure) -> (key: KeySummary, probes: [NegativeProbe]) {
        let inspection = KeyInspection(profile: profile)
        let kind: KeyKind?
        do { kind = try inspection.kind(identifier: identifier, in: session) } catch {
            throw WorkerFailure(error, profile)
        }
        guard let kind else {
            throw WorkerFailure(
                .request,
                "the token has no key pair with CKA_ID \(hexadecimal(identifier)), or not of a kind Signet makes; `keys` lists what there is"
            )
        }
        let (key, description) = try inspection.find(kind, identifier: identifier, in: session)
        let label = (try? session.attribute(.label, of: key.handle)) ?? []
        let summary = KeySummary(
            label: String(decoding: label, as: UTF8.self), description: description, kind: kind)
        // A modifiable key is refused anyway; weakening it further would prove nothing.
        let isProven = description.evidence.verdict != .notProvable
        return (summary, NegativeProbes(profile: profile).run(on: key, mayChange: isProven, in: session))
    }

    static func logIn(
        _ opening: WorkerRequest.Opening
    ) throws(WorkerFailure) -> LoggedIn {
        let (token, info) = try OpenToken.find(opening)
        let session = try token.openSession()
        try token.logIn(session, info: info, pin: opening.pin)
        return LoggedIn(token: token, info: info, session: session)
    }

    /// A token with a session that is logged in.
    struct LoggedIn: ~Copyable {
        let token: OpenToken
        let info: TokenInfo
        let session: Session
    }
}

extension TokenSummary {
    init(_ info: TokenInfo, slot: Slot) {
        self.slot = slot.identifier
        label = info.label
        serialNumber = info.serialNumber
        manufacturer = info.manufacturer
        model = info.model
        firmware = info.firmware
        isInitialized = info.isInitialized
        userPIN =
            if !info.isUserPINInitialized {
                "not set"
            } else if info.isUserPINLocked {
                "locked"
            } else if info.isUserPINFinalTry {
                "final try"
            } else if info.isUserPINCountLow {
                "wrong once"
            } else {
                "set"
            }
    }
}
