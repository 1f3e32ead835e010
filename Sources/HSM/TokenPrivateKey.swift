internal import Crypto
internal import Foundation
internal import PKIX
internal import SwiftASN1
internal import TokenProtocol
internal import X509

/// A private key for X509 whose signatures are made on the token and checked here before anyone sees them.
struct TokenPrivateKey: CustomPrivateKey {
    let token: Token
    let algorithm: KeyAlgorithm
    let identifier: [UInt8]
    let publicKey: Certificate.PublicKey

    var defaultSignatureAlgorithm: Certificate.SignatureAlgorithm {
        algorithm.signingAlgorithms[0].signatureAlgorithm
    }

    var supportedSignatureAlgorithms: [Certificate.SignatureAlgorithm] {
        algorithm.signingAlgorithms.map(\.signatureAlgorithm)
    }

    func signAsynchronously(
        bytes: some DataProtocol & Sendable, signatureAlgorithm: Certificate.SignatureAlgorithm
    ) async throws -> Certificate.Signature {
        guard
            let signing = algorithm.signingAlgorithms.first(where: {
                $0.signatureAlgorithm == signatureAlgorithm
            })
        else { throw PrivateKeyError.algorithmDoesNotFit }
        let (digest, digestKind) = Self.digest(of: bytes, for: signing)
        let made = try await token.unverifiedSignature(
            digest, digestKind, algorithm, identifier: identifier, pinned: publicKey)
        let encoded: [UInt8]
        switch algorithm.family {
        case .rsa: encoded = made.bytes
        case .ecdsa:
            guard let coordinate = KeyKind(algorithm).coordinateBytes,
                let der = ECDSASignature.der(fromConcatenation: made.bytes, coordinateBytes: coordinate)
            else { throw await wrongSignature(made) }
            encoded = der
        }
        // A token can fail in silence: nothing leaves that the pinned public key does not accept.
        guard publicKey.isValidSignature(encoded, for: bytes, signatureAlgorithm: signatureAlgorithm) else {
            throw await wrongSignature(made)
        }
        await token.trust(made)
        return try Certificate.Signature(
            signatureAlgorithm: signatureAlgorithm, signatureBytes: ASN1BitString(bytes: encoded[...]))
    }

    private func wrongSignature(_ made: Token.UnverifiedSignature) async -> HSMError {
        let error = HSMError.wrongSignature(identifier: hexadecimal(identifier))
        await token.distrust(made, because: error)
        return error
    }

    func signSynchronously(
        bytes: some DataProtocol, signatureAlgorithm: Certificate.SignatureAlgorithm
    ) throws -> Certificate.Signature {
        throw PrivateKeyError.onlyAsynchronous
    }

    private static func digest(
        of bytes: some DataProtocol, for algorithm: SigningAlgorithm
    ) -> ([UInt8], DigestKind) {
        switch algorithm {
        case .sha256WithECDSA, .sha256WithRSA: (Array(SHA256.hash(data: bytes)), .sha256)
        case .sha384WithECDSA, .sha384WithRSA: (Array(SHA384.hash(data: bytes)), .sha384)
        case .sha512WithECDSA, .sha512WithRSA: (Array(SHA512.hash(data: bytes)), .sha512)
        }
    }
}

/// What a key in a token cannot be asked for.
enum PrivateKeyError: Error, CustomStringConvertible {
    case onlyAsynchronous
    case cannotBeExported
    case algorithmDoesNotFit

    var description: String {
        switch self {
        case .onlyAsynchronous: "a key in a token signs asynchronously"
        case .cannotBeExported: "a key in a token cannot be written down"
        case .algorithmDoesNotFit: "the signature algorithm does not fit the key"
        }
    }
}

extension TokenPrivateKey: Hashable {
    static func == (one: TokenPrivateKey, other: TokenPrivateKey) -> Bool {
        one.token === other.token && one.identifier == other.identifier
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(token))
        hasher.combine(identifier)
    }
}

extension TokenPrivateKey: PEMSerializable {
    static var defaultPEMDiscriminator: String { "PRIVATE KEY" }

    func serialize(into coder: inout DER.Serializer) throws {
        throw PrivateKeyError.cannotBeExported
    }
}
