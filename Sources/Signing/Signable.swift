public import PKIX

/// An object that a key can sign. Only types of `Issuance` that were authorized and linted conform;
/// `Scripts/check-layers` has the list.
public protocol Signable: ~Copyable, Sendable {
    static var purpose: SigningPurpose { get }

    /// The exact octets that are signed.
    var toBeSigned: [UInt8] { get }
    /// SHA-256 of ``toBeSigned``.
    var digest: [UInt8] { get }
    var signingAlgorithm: SigningAlgorithm { get }
    /// The signing key that the object names.
    var signer: SubjectPublicKey { get }
}
