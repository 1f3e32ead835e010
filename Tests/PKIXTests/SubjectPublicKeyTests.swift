import Crypto
import PKIX
import SwiftASN1
import Testing
import X509
import _CryptoExtras

/// Compares keys with those of the library that parses certificates.
struct SubjectPublicKeyTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let name: String
        let algorithm: KeyAlgorithm?
        let bits: Int
        let signatures: [SignatureAlgorithm]
        let make: @Sendable () throws -> Certificate.PrivateKey
        var testDescription: String { name }
    }

    static let ecdsa: [SignatureAlgorithm] = [.ecdsa(.sha256), .ecdsa(.sha384), .ecdsa(.sha512)]
    static let rsa: [SignatureAlgorithm] = [.rsaPKCS1(.sha256), .rsaPKCS1(.sha384), .rsaPKCS1(.sha512)]
    static let kinds = [
        Kind(name: "P-256", algorithm: .ecPrime256v1, bits: 256, signatures: ecdsa) {
            .init(P256.Signing.PrivateKey())
        },
        Kind(name: "P-384", algorithm: .ecSecp384r1, bits: 384, signatures: ecdsa) {
            .init(P384.Signing.PrivateKey())
        },
        Kind(name: "P-521", algorithm: .ecSecp521r1, bits: 521, signatures: ecdsa) {
            .init(P521.Signing.PrivateKey())
        },
        Kind(name: "RSA 2048", algorithm: .rsa2048, bits: 2048, signatures: rsa) {
            .init(try _RSA.Signing.PrivateKey(keySize: .bits2048))
        },
        Kind(name: "Ed25519", algorithm: nil, bits: 256, signatures: [.ed25519]) {
            .init(Curve25519.Signing.PrivateKey())
        },
    ]

    private static func der(_ key: Certificate.PublicKey) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(key)
        return serializer.serializedBytes
    }

    @Test(arguments: kinds)
    func `a key has the same octets as the library's`(_ kind: Kind) throws {
        let theirs = try kind.make().publicKey
        let own = try SubjectPublicKey(theirs)
        let written = try Self.der(theirs)
        #expect(own.derBytes == written)
        #expect(try SubjectPublicKey(derEncoded: written) == own)
        #expect(own.matches(theirs))
        #expect(try !own.matches(kind.make().publicKey))
        #expect(own.algorithm == kind.algorithm && own.bits == kind.bits)
        #expect(own.name == kind.algorithm?.rawValue ?? "ED25519")
        #expect(
            KeyIdentifier.sha1(of: own)
                == Array(Insecure.SHA1.hash(data: theirs.subjectPublicKeyInfoBytes)))
    }

    @Test(arguments: kinds)
    func `signatures of the library verify, and changed ones do not`(_ kind: Kind) throws {
        let privateKey = try kind.make()
        let key = try SubjectPublicKey(privateKey.publicKey)
        let message = Array("what is signed".utf8)
        for algorithm in kind.signatures {
            let signature = try privateKey.sign(
                bytes: message, signatureAlgorithm: algorithm.certificateAlgorithm
            ).rawRepresentation
            #expect(key.isValidSignature(signature, of: message, algorithm))
            #expect(!key.isValidSignature(signature, of: message + [0], algorithm))
            for other in Self.ecdsa + Self.rsa + [.ed25519] where other != algorithm {
                #expect(!key.isValidSignature(signature, of: message, other), "\(other)")
            }
            var changed = signature
            changed[changed.count - 1] ^= 1
            #expect(!key.isValidSignature(changed, of: message, algorithm))
            for short in [[], Array(signature.dropLast()), signature + [0]] {
                #expect(!key.isValidSignature(short, of: message, algorithm))
            }
        }
    }

    @Test(arguments: kinds)
    func `truncated and extended octets are refused`(_ kind: Kind) throws {
        let der = try Self.der(kind.make().publicKey)
        #expect(throws: (any Error).self) { try SubjectPublicKey(derEncoded: der + [0]) }
        for count in [0, 1, der.count / 2, der.count - 1] {
            #expect(throws: (any Error).self) { try SubjectPublicKey(derEncoded: Array(der.prefix(count))) }
        }
    }

    @Test func `a point that is not on its curve is refused`() throws {
        var point = Array(P256.Signing.PrivateKey().publicKey.x963Representation)
        #expect(try SubjectPublicKey(point: point, on: .ecPrime256v1).algorithm == .ecPrime256v1)
        point[64] ^= 1
        #expect(throws: (any Error).self) { try SubjectPublicKey(point: point, on: .ecPrime256v1) }
        #expect(throws: (any Error).self) { try SubjectPublicKey(point: point, on: .ecSecp384r1) }
        #expect(throws: (any Error).self) { try SubjectPublicKey(point: point, on: .rsa2048) }
    }

    @Test func `an RSA key of another length is still RSA`() throws {
        let key = try SubjectPublicKey(
            modulus: [0x80] + [UInt8](repeating: 1, count: 319), exponent: [0x01, 0x00, 0x01])
        #expect(key.algorithm == nil && key.bits == 2560 && key.name == "RSA")
    }

    @Test func `the numbers that a token returns form the key`() throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048).publicKey
        let numbers = try key.getKeyPrimitives()
        let own = try SubjectPublicKey(
            modulus: Array(numbers.modulus), exponent: Array(numbers.publicExponent))
        #expect(own.matches(.init(key)))
        let edwards = Curve25519.Signing.PrivateKey().publicKey
        #expect(try SubjectPublicKey(ed25519: Array(edwards.rawRepresentation)).matches(.init(edwards)))
    }
}
