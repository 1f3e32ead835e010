internal import PKCS11
internal import TokenProtocol

/// A token that was found by its URI and can be talked to.
struct OpenToken: Sendable {
    let module: Module
    let slot: Slot
    let description: TokenDescription

    /// Loads the module and finds the one token the URI matches.
    static func find(_ opening: WorkerRequest.Opening) throws(WorkerFailure) -> (
        token: OpenToken, info: TokenInfo
    ) {
        let uri: TokenURI
        do { uri = try TokenURI(opening.tokenURI) } catch {
            throw WorkerFailure(.configuration, error.description)
        }
        let module: Module
        do { module = try Module(path: opening.modulePath) } catch {
            if case .cannotInitialize(_, let cause) = error, cause.returnValue.failureClass == .fatal {
                throw WorkerFailure(.fatal, error.description)
            }
            throw WorkerFailure(.configuration, error.description)
        }
        do {
            let matches = try uri.matchingSlots(in: module).filter(\.token.isInitialized)
            guard let match = matches.first else {
                let present = try module.slotsWithToken()
                    .compactMap { try? module.tokenInfo(of: $0) }
                    .filter(\.isInitialized)
                    .map { "`\($0.label)` (serial \($0.serialNumber))" }
                throw WorkerFailure(
                    .configuration,
                    "no token matches `\(uri)`; present: \(present.isEmpty ? "none" : present.joined(separator: ", "))"
                )
            }
            guard matches.count == 1 else {
                let serials = matches.map(\.token.serialNumber).joined(separator: ", ")
                throw WorkerFailure(
                    .configuration,
                    "\(matches.count) tokens match `\(uri)`; add `serial=` with one of \(serials)")
            }
            let token = OpenToken(
                module: module, slot: match.slot,
                description: TokenDescription(
                    label: match.token.label, manufacturer: match.token.manufacturer,
                    model: match.token.model,
                    serialNumber: match.token.serialNumber, firmware: match.token.firmware,
                    library: try module.libraryDescription()))
            return (token, match.token)
        } catch let error as PKCS11Error {
            throw WorkerFailure(error)
        } catch let error as WorkerFailure {
            throw error
        } catch {
            throw WorkerFailure(.unknown, "\(error)")
        }
    }

    /// Logs in, once. The PIN is not tried at all when the token says that a wrong one would lock it.
    func logIn(_ session: borrowing Session, info: TokenInfo, pinFile: String) throws(WorkerFailure) {
        guard info.isUserPINInitialized else {
            throw WorkerFailure(
                .credentials, "the token `\(info.label)` has no user PIN yet; initialise it first")
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
        let pin = try PINFile.read(pinFile)
        do { try session.loginUser(pin: pin) } catch {
            let failure = WorkerFailure(error)
            guard failure.failureClass == .credentials else { throw failure }
            throw WorkerFailure(
                .credentials,
                "the token `\(info.label)` refused the PIN in `\(pinFile)` (\(error)); it was tried once and will not be tried again"
            )
        }
    }
}
