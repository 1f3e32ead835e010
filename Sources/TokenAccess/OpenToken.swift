public import PKCS11
internal import Synchronization
public import TokenProtocol
internal import VisibleText

/// A token that was found by its URI in a loaded module.
public struct OpenToken: Sendable {
    public let module: Module
    public let slot: Slot
    public let description: TokenDescription
    public let profile: TokenProfile

    /// Loads the module and finds the one token the URI matches.
    public static func find(_ opening: WorkerRequest.Opening) throws(WorkerFailure) -> (
        token: OpenToken, info: TokenInfo
    ) {
        let uri: TokenURI
        do { uri = try TokenURI(opening.tokenURI) } catch {
            throw WorkerFailure(.configuration, error.description)
        }
        let module = try LoadedModule.load(opening.module, opening.profile)
        do {
            let matches = try uri.matchingSlots(in: module).filter(\.token.isInitialized)
            guard let match = matches.first else {
                let present = try module.slotsWithToken()
                    .compactMap { try? module.tokenInfo(of: $0) }
                    .filter(\.isInitialized)
                    .map { "`\($0.label)` (serial \($0.serialNumber))" }
                throw WorkerFailure(
                    .absent,
                    "no token matches `\(uri)`; present: \(present.isEmpty ? "none" : present.joined(separator: ", "))"
                )
            }
            guard matches.count == 1 else {
                let serials = matches.map(\.token.serialNumber).joined(separator: ", ")
                throw WorkerFailure(
                    .configuration,
                    "\(matches.count) tokens match `\(uri)`; add `serial=` with one of \(serials)")
            }
            // Checked before the login, because another token would count the PIN as wrong.
            if let expected = opening.expectedSerialNumber, match.token.serialNumber != expected {
                throw WorkerFailure(
                    .configuration,
                    "the token that matches `\(uri)` has the serial number \(match.token.serialNumber), and the one that was opened first had \(expected); no PIN was tried. If it was exchanged, drain and resume it, or start the daemon anew"
                )
            }
            let token = OpenToken(
                module: module, slot: match.slot,
                description: TokenDescription(
                    label: match.token.label, manufacturer: match.token.manufacturer,
                    model: match.token.model,
                    serialNumber: match.token.serialNumber, firmware: match.token.firmware,
                    library: try module.libraryDescription()),
                profile: opening.profile.resolved(for: try module.libraryVersion()))
            return (token, match.token)
        } catch let error as PKCS11Error {
            throw WorkerFailure(error, opening.profile)
        } catch let error as WorkerFailure {
            throw error
        } catch {
            throw WorkerFailure(.unknown, "\(error)")
        }
    }

    /// Held while a session is opened.
    private static let opening = Mutex(())

    /// Opens a read-write session.
    public func openSession() throws(WorkerFailure) -> Session {
        do {
            // All sessions are read-write, because some tokens have no read-only sessions. They are opened
            // one after the other, because tpm2-pkcs11 1.9 gives two threads that open at once the same
            // handle.
            return try Self.opening.withLock { _ throws(PKCS11Error) in
                try Session(module: module, slot: slot, isReadWrite: true)
            }
        } catch { throw WorkerFailure(error, profile) }
    }

    /// Logs in once. Does not try the PIN when the token reports that a wrong one would lock it.
    /// - Parameter opened: the descriptor of the opened PIN file, or the failure to open it; nil for another
    ///   source
    public func logIn(
        _ session: borrowing Session, info: TokenInfo, pin source: PINSource,
        opened: Result<Int32?, WorkerFailure> = .success(nil)
    ) throws(WorkerFailure) {
        guard info.isUserPINInitialized else {
            throw WorkerFailure(
                .credentials,
                "the token `\(info.label)` has no user PIN yet; its security officer sets one (`signet-token change-pin --reset`)"
            )
        }
        guard !info.isUserPINLocked else {
            throw WorkerFailure(
                .credentials, "the user PIN of the token `\(info.label)` is locked; an officer must reset it")
        }
        guard !info.isUserPINFinalTry else {
            throw WorkerFailure(
                .credentials,
                "one more wrong PIN would lock the token `\(info.label)`, so none was tried; an officer must log in once"
            )
        }
        if source == .protectedAuthenticationPath {
            guard info.hasProtectedAuthenticationPath else {
                throw WorkerFailure(
                    .configuration,
                    "the token `\(info.label)` has no protected authentication path (CKF_PROTECTED_AUTHENTICATION_PATH); give a PIN"
                )
            }
            do { try session.logInAtToken(.user) } catch { try accept(error, info, source) }
            return
        }
        let pin: SecretBytes
        if let descriptor = try opened.get() {
            pin = try PINReader.read(source, from: descriptor)
        } else {
            pin = try PINReader.read(source, prompt: "user PIN of \(info.label): ")
        }
        do { try session.logIn(.user, pin: pin) } catch { try accept(error, info, source) }
    }

    private func accept(_ error: PKCS11Error, _ info: TokenInfo, _ source: PINSource) throws(WorkerFailure) {
        // Another process of this user is logged in to the token, and the login applies to the anchor session
        // too.
        if error.returnValue == .userAlreadyLoggedIn { return }
        let failure = WorkerFailure(error, profile)
        guard failure.failureClass == .credentials || wasCounted(error, failure, since: info) else {
            throw failure
        }
        throw WorkerFailure(
            .credentials,
            "the token `\(info.label)` refused the PIN from \(source.provenance) (\(error)); it was tried once and will not be tried again"
        )
    }

    /// Whether the token may have counted an attempt although its return value does not report a wrong PIN:
    /// the token reports fewer remaining attempts, or the value is for bad arguments, or vendor-defined and
    /// not in the profile. Values for device failures do not count.
    private func wasCounted(
        _ error: PKCS11Error, _ failure: WorkerFailure, since before: TokenInfo
    ) -> Bool {
        if let now = try? module.tokenInfo(of: slot),
            (now.isUserPINCountLow && !before.isUserPINCountLow)
                || (now.isUserPINFinalTry && !before.isUserPINFinalTry) || now.isUserPINLocked
        {
            return true
        }
        return error.returnValue.isVendorDefined
            && profile.returnValues[UInt64(error.returnValue.rawValue)] == nil
            || failure.failureClass == .request
    }
}
