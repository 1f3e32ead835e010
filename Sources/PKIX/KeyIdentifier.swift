internal import Crypto

/// Identifies a public key in the SubjectKeyIdentifier and AuthorityKeyIdentifier extensions.
public enum KeyIdentifier {
    /// RFC 5280, section 4.2.1.2, method 1: SHA-1 of the bits of the subjectPublicKey, 20 octets. SHA-1 is a
    /// name here and protects nothing.
    public static func sha1(of publicKey: SubjectPublicKey) -> [UInt8] {
        sha1(ofKeyBits: publicKey.keyBits)
    }

    /// - Parameter bits: the BIT STRING of a SubjectPublicKeyInfo, without its count of unused bits
    static func sha1(ofKeyBits bits: [UInt8]) -> [UInt8] { Array(Insecure.SHA1.hash(data: bits)) }
}
