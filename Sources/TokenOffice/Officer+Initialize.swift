internal import PKCS11
internal import TokenAccess
public import TokenProtocol
internal import VisibleText

extension Officer {
    /// Initializes an unused token with label, security officer's PIN and user PIN. All checks precede the
    /// first change of the token.
    /// - Parameters:
    ///   - slot: the slot; nil if only one slot has an uninitialized token
    ///   - label: at most 32 bytes, and unique among the module's tokens
    public static func initialize(
        _ location: ModuleLocation, profile: TokenProfile, slot: UInt?, label: String, officerPIN: PINSource,
        userPIN: PINSource
    ) throws(WorkerFailure) -> TokenSummary {
        // PKCS#11 2.40, section 5.5: 32 bytes, padded with blanks.
        guard !label.isEmpty, label.utf8.count <= 32, label.utf8.last != UInt8(ascii: " ") else {
            throw WorkerFailure(.configuration, "a label has 1 to 32 bytes and does not end with a blank")
        }
        let module = try LoadedModule.load(location, profile)
        let (slot, info) = try blankToken(of: module, slot, label, profile)
        // C_InitToken checks the security officer's PIN on a token that has one already.
        try requireOfficerPINTries(info)
        let officer = try newPIN(officerPIN, "security officer's PIN", info)
        let user = try newPIN(userPIN, "user PIN", info)
        do throws(PKCS11Error) {
            try module.initializeToken(in: slot, officerPIN: officer, label: label)
        } catch {
            throw WorkerFailure(
                profile.returnValues[UInt64(error.returnValue.rawValue)] ?? error.returnValue.failureClass,
                "\(error): the token was not initialized; some makers want their own tool for it (the profile says)"
            )
        }
        do throws(PKCS11Error) {
            let session = try Session(module: module, slot: slot, isReadWrite: true)
            try session.logIn(.securityOfficer, pin: officer)
            try session.initializePIN(user)
            try session.logOut()
            try session.logIn(.user, pin: user)
            return TokenSummary(try module.tokenInfo(of: slot), slot: slot)
        } catch {
            throw WorkerFailure(
                error.returnValue.failureClass,
                "\(error): the token `\(label)` is initialized, and its user PIN is not; set it with `signet-token change-pin --reset`"
            )
        }
    }

    private static func blankToken(
        of module: Module, _ wanted: UInt?, _ label: String, _ profile: TokenProfile
    ) throws(WorkerFailure) -> (Slot, TokenInfo) {
        var tokens: [(slot: Slot, info: TokenInfo)] = []
        do throws(PKCS11Error) {
            for slot in try module.slotsWithToken() { tokens.append((slot, try module.tokenInfo(of: slot))) }
        } catch { throw WorkerFailure(error, profile) }
        if let taken = tokens.first(where: { $0.info.isInitialized && $0.info.label == label }) {
            throw WorkerFailure(
                .configuration,
                "the label `\(label)` is in use by the token with serial \(taken.info.serialNumber); choose another"
            )
        }
        if let wanted {
            guard let token = tokens.first(where: { $0.slot.identifier == wanted }) else {
                throw WorkerFailure(
                    .configuration, "slot \(wanted) holds no token; `signet-token list` shows those that do")
            }
            guard !token.info.isInitialized else {
                throw WorkerFailure(
                    .configuration,
                    "the token in slot \(wanted) is initialized already (`\(token.info.label)`, serial \(token.info.serialNumber)); "
                        + "doing it again would destroy its keys: if that is wanted, use the maker's tool")
            }
            return token
        }
        let blank = tokens.filter { !$0.info.isInitialized }
        guard let token = blank.first else {
            let present = tokens.map { "`\($0.info.label)`" }.joined(separator: ", ")
            throw WorkerFailure(
                .configuration,
                "every token of the module is initialized already (\(present.isEmpty ? "there is none" : present)); nothing was changed"
            )
        }
        guard blank.count == 1 else {
            let slots = blank.map { "\($0.slot.identifier)" }.joined(separator: ", ")
            throw WorkerFailure(
                .configuration, "\(blank.count) tokens are not initialized; name one with --slot: \(slots)")
        }
        return token
    }

    /// A new PIN, entered twice at a terminal, with a length that the token accepts.
    static func newPIN(
        _ source: PINSource, _ name: String, _ info: TokenInfo
    ) throws(WorkerFailure) -> SecretBytes {
        let pin = try PINReader.read(source, prompt: "new \(name): ")
        if source == .prompt {
            let again = try PINReader.read(source, prompt: "new \(name) again: ")
            guard pin.isSame(as: again) else {
                throw WorkerFailure(.configuration, "the two PINs are not the same; nothing was changed")
            }
        }
        guard info.pinLengths.contains(pin.count) else {
            throw WorkerFailure(
                .configuration,
                "the new \(name) has \(pin.count) bytes, and the token takes \(info.pinLengths.lowerBound) to \(info.pinLengths.upperBound); nothing was changed"
            )
        }
        return pin
    }
}
