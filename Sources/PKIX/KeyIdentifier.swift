internal import Crypto

/// Identifies a public key in the SubjectKeyIdentifier and AuthorityKeyIdentifier extensions.
public enum KeyIdentifier {
    /// RFC 5280, section 4.2.1.2, method 1: SHA-1 of the bits of the subjectPublicKey, 20 octets. SHA-1
    /// serves as a name here; no security depends on it.
    public static func sha1(of publicKey: SubjectPublicKey) -> [UInt8] {
        sha1(ofKeyBits: publicKey.keyBits)
    }

    /// - Parameter bits: the contents octets of the BIT STRING without the first, which counts unused bits
    static func sha1(ofKeyBits bits: [UInt8]) -> [UInt8] { Array(Insecure.SHA1.hash(data: bits)) }
}
