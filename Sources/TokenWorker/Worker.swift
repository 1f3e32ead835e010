internal import CPlatform
internal import Glibc
internal import PKCS11
internal import Synchronization
internal import TokenAccess
internal import TokenProtocol

/// The process that holds the login and nothing else: it answers the requests of `TokenProtocol` on sockets
/// it inherited, and ends when the other end closes.
public enum Worker {
    /// Serves until the daemon has ended, then exits with `_exit`, because some modules install exit handlers
    /// that crash.
    public static func run() -> Never {
        // No core dump and no ptrace can show the PIN, and nothing this process might exec can gain
        // privileges.
        guard signet_harden_process() == 0 else { _exit(70) }
        let socket = FrameSocket(descriptor: WorkerDescriptor.main)
        var buffer = FrameSocket.makeBuffer()
        guard case .frames(let frames) = socket.receive(&buffer), frames.count == 1,
            let first = try? WorkerRequest.parse(frames[0]), case .open(let opening) = first.request
        else { _exit(64) }
        // Opened with the daemon's permissions, which the module's user may not have.
        let pinFile = Result { () throws(WorkerFailure) in try PINReader.openFile(opening) }
        do {
            // Before any other thread starts and before the module's code runs. It also forbids child
            // processes, which would inherit the login and could sign.
            try Confinement.enforce(opening)
            // Before the module is loaded, so that a worker whose module hangs at once ends with the daemon.
            BlockingThread.start {
                socket.waitForHangup()
                _exit(0)
            }
            let (token, info) = try OpenToken.find(opening)
            // The anchor session: while it is open, the login and the key handles stay valid.
            let anchor = try token.openSession()
            try token.logIn(anchor, info: info, pin: opening.pin, opened: pinFile)
            let sessions = try startSessions(opening.sessions, of: token)
            socket.send([
                WorkerAnswer.opened(token.description, sessions: sessions).frame(identifier: first.identifier)
            ])
            socket.waitForHangup(every: token.profile.keepAlive.seconds) {
                _ = KeepAlive.beat(anchor, token.profile)
            }
            _ = consume anchor
        } catch {
            socket.send([WorkerAnswer.failure(error).frame(identifier: first.identifier)])
        }
        _exit(0)
    }

    /// Starts a thread for each session that the token opens, and returns their number. Fewer sessions than
    /// requested are accepted only if the token has no more. If a session fails for another reason, the token
    /// is not used, because it is unreliable.
    private static func startSessions(_ asked: UInt8, of token: OpenToken) throws(WorkerFailure) -> UInt8 {
        let keys = SigningKeys()
        var given: UInt8 = 0
        while given < max(1, asked) {
            let session: Session
            do {
                session = try token.openSession()
            } catch {
                guard given > 0, error.failureClass == .capacity else { throw error }
                break
            }
            let socket = FrameSocket(descriptor: WorkerDescriptor.firstSession + Int32(given))
            let handed = Mutex<Session?>(session)
            BlockingThread.start {
                guard let session = handed.withLock({ $0.take() }) else { return }
                SessionThread(token: token, socket: socket, keys: keys).run(session)
            }
            given += 1
        }
        return given
    }
}

/// The private keys that passed inspection in this login, by CKA_ID. No other key signs.
final class SigningKeys: Sendable {
    private let keys = Mutex<[[UInt8]: TokenKey]>([:])

    func key(_ identifier: [UInt8]) -> TokenKey? {
        keys.withLock { $0[identifier] }
    }

    func admit(_ key: TokenKey, identifier: [UInt8]) {
        keys.withLock { $0[identifier] = key }
    }

    func dismiss(identifier: [UInt8]) {
        keys.withLock { $0[identifier] = nil }
    }
}
