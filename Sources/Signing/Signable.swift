public import PKIX

/// An object that a key can sign. The types of `Issuance` that were authorized and linted conform, and no others:
/// `Scripts/check-layers` knows the list.
public protocol Signable: ~Copyable, Sendable {
    static var purpose: SigningPurpose { get }

    /// The exact octets that are signed.
    var toBeSigned: [UInt8] { get }
    /// SHA-256 of ``toBeSigned``.
    var digest: [UInt8] { get }
    var signingAlgorithm: SigningAlgorithm { get }
    /// The key that the object says it is signed with.
    var signer: SubjectPublicKey { get }
}
