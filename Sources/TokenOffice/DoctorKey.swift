internal import PKCS11
internal import TokenAccess
internal import TokenProtocol

/// A temporary key of the doctor.
struct DoctorKey: Sendable {
    let signing: TokenKey
    let publicKey: ObjectHandle
    /// CKA_ID
    let identifier: [UInt8]
    /// The data that is signed.
    let input: [UInt8]

    var scheme: SignatureScheme { signing.kind.family == .edwards ? .ed25519 : .sha256 }

    /// False when a half of it is still on the token.
    func destroy(_ token: OpenToken) -> Bool {
        guard let session = try? token.openSession() else { return false }
        var isGone = true
        for object in [signing.handle, publicKey] {
            do { try session.destroy(object) } catch { isGone = false }
        }
        return isGone
    }

    /// Generates a key of the kind, with as much of the strict template as the token accepts, and inspects
    /// it.
    static func trial(
        _ kind: KeyKind, _ token: OpenToken, _ judge: SignatureJudge
    ) throws(WorkerFailure) -> (DoctorReport.KeyTrial, DoctorKey?) {
        let session = try token.openSession()
        var trial = DoctorReport.KeyTrial(kind: "\(kind)")
        let identifier: [UInt8] = Array("signet-doctor".utf8) + (0..<8).map { _ in UInt8.random(in: 0...255) }
        let pair: (publicKey: ObjectHandle, privateKey: ObjectHandle)
        var profile = token.profile
        do throws(PKCS11Error) {
            (pair, profile.omittedFromTemplates) = try generate(kind, identifier, profile, session)
        } catch {
            trial.failure = error.description
            return (trial, nil)
        }
        trial.omitted = profile.omittedFromTemplates.sorted()
        let key = DoctorKey(
            signing: TokenKey(handle: pair.privateKey, kind: kind), publicKey: pair.publicKey,
            identifier: identifier, input: judge.digest)
        var material: PublicKeyMaterial?
        do throws(WorkerFailure) {
            let (_, description) = try KeyInspection(profile: profile).find(
                kind, identifier: identifier, in: session)
            material = description.publicKey
            let readings = description.evidence.readings
            trial.unavailable = readings.filter { $0.found == "unavailable" && $0.finding != .satisfied }.map(
                \.name)
            trial.wrong = readings.filter { $0.finding == .wrong && $0.found != "unavailable" }
                .map { "\($0.name) is \($0.found), not \($0.wanted)" }
            trial.verdict = "\(description.evidence.verdict)"
        } catch { trial.verdict = error.message }
        if kind.modulusBits == nil, let value = try? session.attribute(.ecPoint, of: pair.publicKey) {
            let raw = kind.coordinateBytes.map { 1 + 2 * $0 } ?? 32
            trial.point = "\(value.count) bytes, \(value.count == raw ? "raw" : "wrapped")"
        }
        do throws(WorkerFailure) {
            let signature = try key.signing.sign(key.input, key.scheme, profile: profile, in: session)
            trial.signature =
                if let material {
                    judge.isRight(signature, kind, material) ? "ok" : "the signature does not verify"
                } else { "not verified: the public key could not be read" }
        } catch { trial.signature = error.message }
        // In a session of its own: an attempt may leave an operation open.
        do throws(WorkerFailure) {
            let probing = try token.openSession()
            trial.allowed = NegativeProbes(profile: profile).run(
                on: key.signing, mayChange: true, in: probing
            ).filter { !$0.isRefused }
                .map { $0.isInconclusive ? "\($0.attempt): nothing is shown (\($0.answer))" : $0.attempt }
        } catch { trial.allowed = ["nothing was tried: \(error.message)"] }
        return (trial, key)
    }

    /// Finds a minimal set of attributes to omit: it tries the full template, then omits all that can be
    /// omitted, and then adds attributes back one by one.
    private static func generate(
        _ kind: KeyKind, _ identifier: [UInt8], _ profile: TokenProfile, _ session: borrowing Session
    ) throws(PKCS11Error) -> ((publicKey: ObjectHandle, privateKey: ObjectHandle), Set<String>) {
        let refusal: PKCS11Error
        do {
            return (try attempt(kind, identifier, profile, [], session), profile.omittedFromTemplates)
        } catch { refusal = error }
        // A shorter template does not help when the token lacks the mechanism or the curve.
        guard refusal.returnValue != .mechanismInvalid, refusal.returnValue != .functionNotSupported else {
            throw refusal
        }
        var omitted = Set(Self.droppable)
        var pair = try attempt(kind, identifier, profile, omitted, session)
        for name in Self.droppable where Doctor.interruption == nil {
            for object in [pair.privateKey, pair.publicKey] { try? session.destroy(object) }
            var fewer = omitted
            fewer.remove(name)
            do {
                pair = try attempt(kind, identifier, profile, fewer, session)
                omitted = fewer
            } catch { pair = try attempt(kind, identifier, profile, omitted, session) }
        }
        return (pair, omitted.union(profile.omittedFromTemplates))
    }

    private static let droppable = [
        "CKA_ALLOWED_MECHANISMS", "CKA_COPYABLE", "CKA_DESTROYABLE", "CKA_MODIFIABLE",
        "CKA_WRAP_WITH_TRUSTED",
        "CKA_SIGN_RECOVER", "CKA_VERIFY_RECOVER", "CKA_UNWRAP", "CKA_DERIVE", "CKA_WRAP", "CKA_ENCRYPT",
        "CKA_DECRYPT",
    ]

    private static func attempt(
        _ kind: KeyKind, _ identifier: [UInt8], _ profile: TokenProfile, _ omitted: Set<String>,
        _ session: borrowing Session
    ) throws(PKCS11Error) -> (publicKey: ObjectHandle, privateKey: ObjectHandle) {
        var profile = profile
        profile.omittedFromTemplates.formUnion(omitted)
        return try StrictTemplate(kind: kind, profile: profile).generateKeyPair(
            identifier: identifier, label: "signet-doctor", isDestroyable: true, in: session)
    }
}
