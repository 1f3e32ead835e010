public import PKCS11
public import TokenProtocol

/// A private key of a login. It signs only with the mechanism and the input format of its kind.
public struct TokenKey: Sendable {
    public let handle: ObjectHandle
    public let kind: KeyKind

    public init(handle: ObjectHandle, kind: KeyKind) {
        self.handle = handle
        self.kind = kind
    }

    /// - Returns: the signature as the token makes it, of exactly the length the kind has
    public func sign(
        _ input: [UInt8], _ scheme: SignatureScheme, profile: TokenProfile, in session: borrowing Session
    ) throws(WorkerFailure) -> [UInt8] {
        guard scheme.fits(kind) else {
            throw WorkerFailure(.request, "a key of the kind \(kind) does not sign with \(scheme)")
        }
        let data = kind.algorithm.input(input, kind, scheme)
        let signature: [UInt8]
        do {
            signature = try session.sign(data, with: handle, mechanism: mechanism(scheme))
        } catch { throw WorkerFailure(error, profile) }
        // PKCS#11 2.40, section 2.3.1 and 2.1: r ‖ s of twice the order's length, or the modulus' length.
        guard signature.count == kind.signatureBytes else {
            throw WorkerFailure(
                .device,
                "C_Sign gave \(signature.count) bytes where \(kind.signatureBytes) were due; they were dropped"
            )
        }
        return signature
    }

    /// The mechanism of `C_SignInit` for this scheme.
    public func mechanism(_ scheme: SignatureScheme) -> Mechanism { kind.algorithm.mechanism(kind, scheme) }

    /// The attribute with the private part, which the token must not show.
    public var secretAttribute: AttributeType { kind.algorithm.secretAttribute }
}
