internal import Crypto
internal import Foundation
internal import TokenOffice
internal import TokenProtocol
internal import _CryptoExtras

extension SignatureJudge {
    /// Verifies with swift-crypto. Anything that does not parse does not verify.
    static let crypto: SignatureJudge = {
        let message = Data("signet-token doctor".utf8)
        let digest = SHA256.hash(data: message)
        return SignatureJudge(digest: Array(digest)) { signature, kind, material in
            do {
                switch (kind, material) {
                case (.ecP256, .ec(.ecP256, let point)):
                    return try P256.Signing.PublicKey(x963Representation: point).isValidSignature(
                        try P256.Signing.ECDSASignature(rawRepresentation: signature), for: digest)
                case (.ecP384, .ec(.ecP384, let point)):
                    return try P384.Signing.PublicKey(x963Representation: point).isValidSignature(
                        try P384.Signing.ECDSASignature(rawRepresentation: signature), for: digest)
                case (.ecP521, .ec(.ecP521, let point)):
                    return try P521.Signing.PublicKey(x963Representation: point).isValidSignature(
                        try P521.Signing.ECDSASignature(rawRepresentation: signature), for: digest)
                case (.ed25519, .ec(.ed25519, let point)):
                    // Over the message, which here is the digest.
                    return try Curve25519.Signing.PublicKey(rawRepresentation: point).isValidSignature(
                        signature, for: Data(digest))
                case (_, .rsa(let modulus, let exponent)):
                    let padding: _RSA.Signing.Padding = kind.family == .rsaPSS ? .PSS : .insecurePKCS1v1_5
                    return try _RSA.Signing.PublicKey(n: modulus, e: exponent).isValidSignature(
                        _RSA.Signing.RSASignature(rawRepresentation: signature), for: digest,
                        padding: padding)
                default: return false
                }
            } catch { return false }
        }
    }()
}
