internal import Crypto
internal import Foundation
public import PKIX
internal import SwiftASN1
internal import TokenProtocol
public import X509

extension TokenSet {
    /// A private key for X509 that signs on whichever token holds it, after its evidence and its public key were checked.
    /// - Parameters:
    ///   - standard: only tokens that are declared to meet it sign; nil for any
    ///   - claim: on whose behalf
    public func privateKey(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], pinned: Certificate.PublicKey,
        meeting standard: String?,
        for claim: TokenClaim
    ) async throws(HSMError) -> Certificate.PrivateKey {
        let key = KeyReference(KeyKind(algorithm), identifier: identifier, publicKey: pinned)
        try await find(key, meeting: standard)
        return Certificate.PrivateKey(
            TokenPrivateKey(tokens: self, algorithm: algorithm, key: key, standard: standard, claim: claim))
    }
}

/// A private key for X509 whose signatures are made on a token and checked here before anyone sees them.
struct TokenPrivateKey: CustomPrivateKey {
    let tokens: TokenSet
    let algorithm: KeyAlgorithm
    let key: KeyReference
    let standard: String?
    let claim: TokenClaim

    var publicKey: Certificate.PublicKey { key.publicKey }

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
        let (digest, scheme) = Self.digest(of: bytes, for: signing)
        let signature = try await tokens.signature(
            over: digest, scheme, with: key, meeting: standard, for: claim
        ) { made in
            guard let encoded = encoded(made),
                publicKey.isValidSignature(encoded, for: bytes, signatureAlgorithm: signatureAlgorithm)
            else { return nil }
            return encoded
        }
        return try Certificate.Signature(
            signatureAlgorithm: signatureAlgorithm, signatureBytes: ASN1BitString(bytes: signature[...]))
    }

    /// As X.509 writes a signature the token made.
    private func encoded(_ made: [UInt8]) -> [UInt8]? {
        guard let coordinate = key.kind.coordinateBytes else { return made }
        return ECDSASignature.der(fromConcatenation: made, coordinateBytes: coordinate)
    }

    func signSynchronously(
        bytes: some DataProtocol, signatureAlgorithm: Certificate.SignatureAlgorithm
    ) throws -> Certificate.Signature {
        throw PrivateKeyError.onlyAsynchronous
    }

    private static func digest(
        of bytes: some DataProtocol, for algorithm: SigningAlgorithm
    ) -> ([UInt8], SignatureScheme) {
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
        one.tokens === other.tokens && one.key == other.key
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(tokens))
        hasher.combine(key)
    }
}

extension TokenPrivateKey: PEMSerializable {
    static var defaultPEMDiscriminator: String { "PRIVATE KEY" }

    func serialize(into coder: inout DER.Serializer) throws {
        throw PrivateKeyError.cannotBeExported
    }
}
