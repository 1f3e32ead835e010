internal import CPlatform
internal import Identifiers
internal import PKCS11
internal import TokenAccess
public import TokenProtocol

/// Tests the behavior of a token with temporary keys, which it destroys.
public enum Doctor {
    /// The signal that ended an examination (SIGINT, SIGTERM or SIGHUP); nil when none did.
    public static var interruption: Int32? {
        let signal = signet_noted_signal()
        return signal == 0 ? nil : signal
    }

    static func checkInterruption() throws(WorkerFailure) {
        guard let signal = interruption else { return }
        throw WorkerFailure(.unknown, "interrupted by signal \(signal)")
    }

    /// Logs in, once, and examines. Takes about half a minute on a fast token. However it ends, even by a
    /// signal, the temporary keys are destroyed, or the failure names the remaining ones.
    /// - Parameters:
    ///   - judge: verifies signatures, because the token cannot verify its own
    ///   - seconds: the measuring time for each number of sessions
    ///   - progress: receives the next step
    public static func examine(
        _ opening: WorkerRequest.Opening, kinds: [KeyKind], maximumSessions: Int, seconds: Double,
        judge: SignatureJudge, progress: (String) -> Void
    ) throws(WorkerFailure) -> DoctorReport {
        let login = try Officer.logIn(opening)
        // Not before the PIN is entered: at the prompt a signal ends the program, and there are no keys to
        // destroy.
        signet_note_signals()
        var made: [DoctorKey] = []
        do throws(WorkerFailure) {
            let report = try examine(login, kinds, maximumSessions, seconds, judge, &made, progress)
            try destroy(&made, login.token)
            return report
        } catch {
            do throws(WorkerFailure) { try destroy(&made, login.token) } catch let left {
                throw WorkerFailure(error.failureClass, "\(error.message); \(left.message)")
            }
            throw WorkerFailure(
                error.failureClass,
                interruption == nil ? error.message : "\(error.message); no key was left behind")
        }
    }

    private static func destroy(
        _ keys: inout [DoctorKey], _ token: OpenToken
    ) throws(WorkerFailure) {
        let left = keys.filter { !$0.destroy(token) }
        keys = []
        guard left.isEmpty else {
            throw WorkerFailure(
                .device,
                "these keys of the doctor could not be destroyed and are still on the token (CKA_LABEL signet-doctor): CKA_ID \(left.map { hexadecimal($0.identifier) }.joined(separator: ", "))"
            )
        }
    }

    private static func examine(
        _ login: borrowing Officer.LoggedIn, _ kinds: [KeyKind], _ maximumSessions: Int, _ seconds: Double,
        _ judge: SignatureJudge, _ made: inout [DoctorKey], _ progress: (String) -> Void
    ) throws(WorkerFailure) -> DoctorReport {
        let token = login.token
        var report = DoctorReport(
            token: token.description.label, serialNumber: token.description.serialNumber,
            model: token.description.model, firmware: token.description.firmware,
            library: token.description.library)
        report.mechanisms = mechanisms(token)
        var signer: DoctorKey?
        for kind in kinds {
            progress("a key of the kind \(kind)")
            let (trial, key) = try DoctorKey.trial(kind, token, judge)
            report.keys.append(trial)
            if let key {
                made.append(key)
                // The first key that signs is kept for the later tests.
                if signer == nil, trial.signature == "ok" {
                    signer = key
                } else {
                    var done = [made.removeLast()]
                    try destroy(&done, token)
                }
            }
            try checkInterruption()
        }
        progress("sessions")
        report.sessions = sessions(token, info: login.info, maximum: maximumSessions)
        try checkInterruption()
        if let signer {
            progress("operations")
            report.operations = try operations(signer, token)
            for count in [1, 2, 4, 8, 16, 32] where count <= report.sessions.opened {
                progress("signing in \(count) \(count == 1 ? "session" : "sessions")")
                guard let measured = Throughput.measure(signer, token, sessions: count, seconds: seconds)
                else { break }
                try checkInterruption()
                report.throughput.append(measured)
                // More sessions far beyond the best number need not be measured.
                if let knee = report.knee, count >= 4 * knee { break }
            }
        }
        try checkInterruption()
        return report
    }

    private static func mechanisms(_ token: OpenToken) -> [DoctorReport.Mechanism] {
        let there = (try? token.module.mechanisms(of: token.slot)) ?? [:]
        return KeyKind.Family.mechanisms.map { .init(name: $0.description, isThere: there[$0] != nil) }
    }

    private static func sessions(
        _ token: OpenToken, info: TokenInfo, maximum: Int
    ) -> DoctorReport.Sessions {
        var result = DoctorReport.Sessions(stated: info.maximumSessions)
        // A linked list, because the values are noncopyable.
        var last: SessionChain?
        while result.opened < maximum, interruption == nil {
            do {
                last = SessionChain(try token.openSession(), last)
                result.opened += 1
            } catch {
                result.limit = error.message
                break
            }
        }
        if let last {
            result.sessionInfo = outcome { () throws(PKCS11Error) in _ = try last.session.deviceError() }
            result.random = outcome { () throws(PKCS11Error) in try last.session.drawRandomByte() }
        }
        // Closed in a loop, to avoid a recursion as deep as the number of sessions.
        while let chain = last { last = chain.takeRest() }
        return result
    }

    private final class SessionChain {
        let session: Session
        private var rest: SessionChain?

        init(_ session: consuming Session, _ rest: SessionChain?) {
            self.session = session
            self.rest = rest
        }

        func takeRest() -> SessionChain? {
            defer { rest = nil }
            return rest
        }
    }

    private static func operations(
        _ key: DoctorKey, _ token: OpenToken
    ) throws(WorkerFailure) -> DoctorReport.Operations {
        var result = DoctorReport.Operations()
        let session = try token.openSession()
        let mechanism = key.signing.mechanism(key.scheme)
        let handle = key.signing.handle
        let begun = outcome { () throws(PKCS11Error) in
            try session.beginToSign(with: handle, mechanism: mechanism)
        }
        if begun == "ok" {
            result.secondInit = outcome { () throws(PKCS11Error) in
                try session.beginToSign(with: handle, mechanism: mechanism)
            }
            result.cancel = outcome { () throws(PKCS11Error) in try session.cancelSigning() }
        }
        if key.signing.kind == .ecP256 {
            let fresh = try token.openSession()
            result.shortDigest = outcome { () throws(PKCS11Error) in
                _ = try fresh.sign([UInt8](repeating: 1, count: 20), with: handle, mechanism: mechanism)
            }
        }
        return result
    }

    /// `ok`, or the error.
    static func outcome(_ body: () throws(PKCS11Error) -> Void) -> String {
        do {
            try body()
            return "ok"
        } catch { return error.description }
    }
}
