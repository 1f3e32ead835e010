internal import CPlatform
internal import Glibc
internal import Identifiers
internal import PKCS11
internal import TokenAccess
internal import TokenProtocol

/// One thread with one session and one socket. One thread of the daemon reads the answers at the other end.
struct SessionThread: Sendable {
    let token: OpenToken
    let socket: FrameSocket
    let keys: SigningKeys

    func run(_ session: consuming Session) {
        var session = session
        let beat = token.profile.keepAlive.seconds
        if beat > 0 { socket.setReceiveTimeout(beat) }
        var buffer = FrameSocket.makeBuffer()
        while true {
            switch socket.receive(&buffer) {
            case .hangup: return
            case .silence:
                // Keeps the idle session alive. If the token has dropped it, opens another.
                if !KeepAlive.beat(session, token.profile), let fresh = try? token.openSession() {
                    session = fresh
                }
            case .frames(let frames): answer(frames, &session)
            }
        }
    }

    /// The maximum time that finished answers wait for the other answers of their message. A slow token so
    /// answers each separately.
    private static let gathering: ContinuousClock.Duration = .milliseconds(1)

    /// Carries out the requests of one message in order.
    private func answer(_ frames: [ArraySlice<UInt8>], _ session: inout Session) {
        var answers: [[UInt8]] = []
        var begun = ContinuousClock.now
        for (index, frame) in frames.enumerated() {
            guard let (identifier, request) = try? WorkerRequest.parse(frame) else { _exit(64) }
            answers.append(answer(request, &session).frame(identifier: identifier))
            guard index == frames.count - 1 || ContinuousClock.now - begun >= Self.gathering else { continue }
            reply(answers)
            answers = []
            begun = .now
        }
    }

    /// If the daemon does not take answers, the worker ends.
    private func reply(_ frames: [[UInt8]]) {
        guard socket.send(frames) else { _exit(0) }
    }

    private func answer(_ request: WorkerRequest, _ session: inout Session) -> WorkerAnswer {
        let answer = attempt(request, session)
        guard case .failure(let failure) = answer else { return answer }
        // A failed C_Sign should end the operation, and on some tokens does not: the next operation needs a
        // new session. The anchor session keeps the login meanwhile.
        guard let fresh = try? token.openSession() else { return answer }
        session = fresh
        // A request that failed because of its session is retried once with the new one.
        guard failure.failureClass == .session else { return answer }
        let second = attempt(request, session)
        guard case .failure(let failure) = second, failure.failureClass == .session else { return second }
        return .failure(WorkerFailure(.retried, failure.message))
    }

    private func attempt(_ request: WorkerRequest, _ session: borrowing Session) -> WorkerAnswer {
        do { return try perform(request, session) } catch { return .failure(error) }
    }

    private func perform(
        _ request: WorkerRequest, _ session: borrowing Session
    ) throws(WorkerFailure) -> WorkerAnswer {
        switch request {
        case .open:
            throw WorkerFailure(.request, "the token is open already")
        case .generateKeyPair(let kind, let identifier, let label):
            do {
                guard try !inspection.isTaken(identifier: identifier, in: session) else {
                    throw WorkerFailure(
                        .request, "the token already has an object with CKA_ID \(hexadecimal(identifier))")
                }
                _ = try StrictTemplate(kind: kind, profile: token.profile).generateKeyPair(
                    identifier: identifier, label: label, in: session)
            } catch let error as PKCS11Error {
                throw WorkerFailure(error, token.profile)
            } catch let error as WorkerFailure {
                throw error
            } catch {
                throw WorkerFailure(.unknown, "\(error)")
            }
            return try admit(kind, identifier, session)
        case .findKey(let kind, let identifier):
            return try admit(kind, identifier, session)
        case .listPrivateKeys(let skipped):
            return .privateKeys(try inspection.privateKeys(skipping: Int(skipped), in: session))
        case .sign(let identifier, let scheme, let input):
            guard let key = keys.key(identifier) else {
                throw WorkerFailure(
                    .login, "the key with CKA_ID \(hexadecimal(identifier)) was not read back in this login")
            }
            let signature = try key.sign(input, scheme, profile: token.profile, in: session)
            return .signature(signature)
        }
    }

    private var inspection: KeyInspection { KeyInspection(profile: token.profile) }

    /// Reads the key back, and admits it for signing only if its attributes prove that it is sign-only.
    private func admit(
        _ kind: KeyKind, _ identifier: [UInt8], _ session: borrowing Session
    ) throws(WorkerFailure) -> WorkerAnswer {
        let (key, description): (TokenKey, KeyDescription)
        do { (key, description) = try inspection.find(kind, identifier: identifier, in: session) } catch {
            if error.disqualifiesKey { keys.dismiss(identifier: identifier) }
            throw error
        }
        if description.evidence.verdict == .notProvable {
            keys.dismiss(identifier: identifier)
        } else {
            keys.admit(key, identifier: identifier)
        }
        return .key(description)
    }
}
