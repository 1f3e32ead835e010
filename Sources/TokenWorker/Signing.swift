internal import PKCS11
internal import TokenProtocol

/// One signature: the right mechanism and the right input for the key's kind.
enum Signing {
    /// - Returns: the signature as the token makes it, of exactly the length the kind has
    static func sign(
        _ input: [UInt8], _ scheme: SignatureScheme, with key: KeyInspection.SigningKey,
        profile: TokenProfile,
        in session: borrowing Session
    ) throws(WorkerFailure) -> [UInt8] {
        guard scheme.fits(key.kind) else {
            throw WorkerFailure(.request, "a key of the kind \(key.kind) does not sign with \(scheme)")
        }
        let data = key.kind.family == .rsaPKCS1 ? DigestInfo.encode(input, scheme) : input
        let signature: [UInt8]
        do {
            signature = try session.sign(data, with: key.handle, mechanism: mechanism(scheme, key.kind))
        } catch { throw WorkerFailure(error, profile) }
        // PKCS#11 2.40, section 2.3.1 and 2.1: r ‖ s of twice the order's length, or the modulus' length.
        guard signature.count == key.kind.signatureBytes else {
            throw WorkerFailure(
                .device,
                "C_Sign gave \(signature.count) bytes where \(key.kind.signatureBytes) were due; they were dropped"
            )
        }
        return signature
    }

    static func mechanism(_ scheme: SignatureScheme, _ kind: KeyKind) -> Mechanism {
        switch (kind.family, scheme) {
        case (.ecdsa, _): Mechanism(.ecdsa)
        case (.edwards, _): Mechanism(.eddsa)
        case (.rsaPKCS1, _): Mechanism(.rsaPKCS)
        case (.rsaPSS, .sha384): .rsaPSSWithSHA384
        case (.rsaPSS, .sha512): .rsaPSSWithSHA512
        case (.rsaPSS, _): .rsaPSSWithSHA256
        }
    }
}
