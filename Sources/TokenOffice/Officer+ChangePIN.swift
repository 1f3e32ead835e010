internal import PKCS11
internal import TokenAccess
public import TokenProtocol
internal import VisibleText

/// The PIN to change, and the user that changes it.
public enum PINChange: Sendable, Hashable {
    /// The user changes the user PIN.
    case user
    /// The security officer changes the security officer's PIN.
    case officer
    /// The security officer gives the user a new PIN; the old one may be unknown or locked.
    case reset
}

extension Officer {
    /// Before the security officer's PIN is tried: an attempt that locks the PIN, or meets a lock, has no
    /// use. If the security officer is locked out, only the vendor's tools can recover the token.
    static func requireOfficerPINTries(_ info: TokenInfo) throws(WorkerFailure) {
        guard !info.isOfficerPINLocked else {
            throw WorkerFailure(
                .credentials,
                "the security officer's PIN of the token `\(info.label)` is locked (CKF_SO_PIN_LOCKED), so none was tried; only the maker's own means can help"
            )
        }
        guard !info.isOfficerPINFinalTry else {
            throw WorkerFailure(
                .credentials,
                "one more wrong PIN would lock the security officer of the token `\(info.label)` (CKF_SO_PIN_FINAL_TRY), so none was tried; log in once with the right one by the maker's own tool"
            )
        }
    }

    /// Changes a PIN. The new PIN is checked first; the current one is tried once.
    /// - Parameters:
    ///   - current: the PIN of the user or officer that changes it
    ///   - new: the new PIN
    public static func changePIN(
        _ change: PINChange, _ location: ModuleLocation, profile: TokenProfile, tokenURI: String,
        current: PINSource, new: PINSource
    ) throws(WorkerFailure) -> TokenSummary {
        guard change == .user || current != .protectedAuthenticationPath else {
            throw WorkerFailure(.configuration, "the security officer's PIN is needed here")
        }
        let (token, info) = try OpenToken.find(
            .init(module: location, tokenURI: tokenURI, pin: current, sessions: 1, profile: profile))
        if change == .user, info.isUserPINLocked {
            throw WorkerFailure(
                .credentials,
                "the user PIN of `\(info.label)` is locked; the security officer resets it (--reset)")
        }
        if change == .user, info.isUserPINFinalTry {
            throw WorkerFailure(
                .credentials,
                "one more wrong user PIN would lock `\(info.label)`, so none was tried; the security officer resets it (--reset)"
            )
        }
        if change != .user { try requireOfficerPINTries(info) }
        let session = try token.openSession()
        let who = change == .user ? "user" : "security officer's"
        let old = try PINReader.read(current, prompt: "\(who) PIN of \(info.label): ")
        let pin = try newPIN(new, change == .officer ? "security officer's PIN" : "user PIN", info)
        do throws(PKCS11Error) {
            try session.logIn(change == .user ? .user : .securityOfficer, pin: old)
        } catch {
            throw WorkerFailure(
                error.returnValue.failureClass,
                "the token `\(info.label)` refused the \(who) PIN from \(current.provenance) (\(error)); it was tried once, and no PIN was changed"
            )
        }
        do throws(PKCS11Error) {
            switch change {
            case .user, .officer: try session.setPIN(from: old, to: pin)
            case .reset: try session.initializePIN(pin)
            }
            return TokenSummary(try token.module.tokenInfo(of: token.slot), slot: token.slot)
        } catch { throw WorkerFailure(error.returnValue.failureClass, "\(error): no PIN was changed") }
    }
}
