internal import PKCS11
public import TokenProtocol

/// Tries out what a token does. It makes keys of its own, which can be destroyed, and destroys them.
public enum Doctor {
    /// Logs in, once, and examines. Takes about half a minute on a fast token.
    /// - Parameters:
    ///   - seconds: how long each number of sessions is measured
    ///   - progress: told what comes next
    public static func examine(
        _ opening: WorkerRequest.Opening, kinds: [KeyKind], maximumSessions: Int, seconds: Double,
        progress: (String) -> Void
    ) throws(WorkerFailure) -> DoctorReport {
        let login = try Officer.logIn(opening)
        let token = login.token
        var report = DoctorReport(
            token: token.description.label, serialNumber: token.description.serialNumber,
            model: token.description.model, firmware: token.description.firmware,
            library: token.description.library)
        report.mechanisms = mechanisms(token)
        var signer: DoctorKey?
        for kind in kinds {
            progress("a key of the kind \(kind)")
            let (trial, key) = try DoctorKey.trial(kind, token)
            report.keys.append(trial)
            if let key {
                // The first that signs is kept for what follows.
                if signer == nil, trial.signature == "ok" { signer = key } else { try key.destroy(token) }
            }
        }
        progress("sessions")
        report.sessions = sessions(token, info: login.info, maximum: maximumSessions)
        if let signer {
            progress("operations")
            // Whatever fails from here on, the key goes.
            do throws(WorkerFailure) { report.operations = try operations(signer, token) } catch {
                try? signer.destroy(token)
                throw error
            }
            for count in [1, 2, 4, 8, 16, 32] where count <= report.sessions.opened {
                progress("signing in \(count) \(count == 1 ? "session" : "sessions")")
                guard let measured = Throughput.measure(signer, token, sessions: count, seconds: seconds)
                else { break }
                report.throughput.append(measured)
                // Far beyond the knee there is nothing to learn.
                if let knee = report.knee, count >= 4 * knee { break }
            }
            try signer.destroy(token)
        }
        return report
    }

    private static func mechanisms(_ token: OpenToken) -> [DoctorReport.Mechanism] {
        let there = (try? token.module.mechanisms(of: token.slot)) ?? [:]
        let wanted: [MechanismType] = [
            .ecKeyPairGen, .ecdsa, .rsaKeyPairGen, .rsaX931KeyPairGen, .rsaPKCS, .rsaPSS, .edwardsKeyPairGen,
            .eddsa,
        ]
        return wanted.map { .init(name: $0.description, isThere: there[$0] != nil) }
    }

    private static func sessions(
        _ token: OpenToken, info: TokenInfo, maximum: Int
    ) -> DoctorReport.Sessions {
        var result = DoctorReport.Sessions(stated: info.maximumSessions)
        // A list of noncopyable values: each keeps the one before.
        var last: SessionChain?
        while result.opened < maximum {
            do {
                last = SessionChain(try Worker.openSession(token), last)
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
        // One after the other, and not in a recursion as deep as there are sessions.
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
        let session = try Worker.openSession(token)
        let mechanism = Signing.mechanism(key.scheme, key.signing.kind)
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
            let fresh = try Worker.openSession(token)
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
