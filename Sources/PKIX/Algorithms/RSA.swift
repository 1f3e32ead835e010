internal import BigInt
internal import Crypto
internal import SwiftASN1
internal import X509
internal import _CryptoExtras

/// RSA keys, which sign with RSASSA-PKCS1-v1_5.
enum RSA: PublicKeyFamily {
    static let algorithms: [ASN1ObjectIdentifier] = [.rsaEncryption]
    static let signatureNames: [ASN1ObjectIdentifier: String] = [
        [1, 2, 840, 113549, 1, 1, 4]: "md5WithRSAEncryption",
        [1, 2, 840, 113549, 1, 1, 5]: "sha1WithRSAEncryption",
        // sha1WithRSASignature has a second object identifier, registered by the OIW.
        [1, 3, 14, 3, 2, 29]: "sha1WithRSASignature",
        [1, 2, 840, 113549, 1, 1, 14]: "sha224WithRSAEncryption",
    ]
    static let signaturesHaveParameters = true

    /// The AlgorithmIdentifier of a signature, DER.
    static func signatureIdentifier(_ digest: SHA2) -> [UInt8] {
        // RFC 4055, section 5: sha256WithRSAEncryption … sha512WithRSAEncryption, parameters NULL.
        let last: UInt8 =
            switch digest {
            case .sha256: 0x0B
            case .sha384: 0x0C
            case .sha512: 0x0D
            }
        return [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, last, 0x05, 0x00]
    }

    // SP 800-56B rev. 2, section 6.4.1.1, and CA/Browser Forum BR 6.1.6: an odd modulus of at least 2048 bits
    // whose length is divisible by 8, and an odd public exponent above 2^16.
    static func check(_ info: SubjectPublicKeyInfo, known: KnownWeakKeys) throws(PublicKeyFault) {
        guard let parameters = info.parameters, parameters.encoded.elementsEqual([IdentifierOctet.null, 0])
        else {
            throw .malformed(
                "its public key is rsaEncryption without NULL parameters (RFC 3279, section 2.3.1)")
        }
        guard let key = RSAPublicKey(keyBits: Array(info.keyBits)) else {
            throw .malformed("the RSA public key is not a SEQUENCE of two INTEGERs")
        }
        let (number, power) = (key.modulus, key.exponent)
        let bits = number.first.map { number.count * 8 - $0.leadingZeroBitCount } ?? 0
        guard bits >= 2048 else { throw .weak("RSA with \(bits) bits; at least 2048 are needed") }
        guard bits % 8 == 0 else {
            throw .weak("RSA with \(bits) bits; use 2048, 3072, 4096 or another multiple of 8 up to 8192")
        }
        // The library that verifies signatures accepts no larger modulus and no larger exponent.
        guard bits <= 8192 else { throw .unsupported("RSA with \(bits) bits, which are more than 8192") }
        guard let low = number.last, low & 1 == 1 else { throw .weak("the RSA modulus is even") }
        guard let last = power.last, last & 1 == 1, power.count > 2 else {
            throw .weak("the RSA public exponent is even or smaller than 65537")
        }
        guard power.count < 5 || power.count == 5 && power.first == 1 else {
            throw .unsupported("RSA with a public exponent of more than 33 bits")
        }
        if known.contains(modulus: number) {
            throw .weak("the RSA key is on the list of keys that are known")
        }
        let value = BigUInt(bigEndian: number)
        if SmallFactors.divides(value) { throw .weak("the RSA modulus has a small factor") }
        if ROCA.hasFingerprint(value) {
            throw .weak("the RSA modulus has the fingerprint of CVE-2017-15361 (ROCA); make another key")
        }
        if ClosePrimes.factor(value) {
            throw .weak("the RSA modulus is a product of two close primes (Fermat); make another key")
        }
        if let degree = PerfectPower.degree(value) {
            throw .weak("the RSA modulus is a power of degree \(degree) and no product of two primes")
        }
    }

    /// Refuses a modulus that is prime.
    static func checkThoroughly(_ info: SubjectPublicKeyInfo) throws(PublicKeyFault) {
        guard let key = RSAPublicKey(keyBits: Array(info.keyBits)) else { return }
        if PrimeModulus.isProbablyPrime(key.modulus) {
            throw .weak("the RSA modulus is a prime and no product of two")
        }
    }

    static func key(_ info: SubjectPublicKeyInfo) throws -> any VerifyingKey { try RSAKey(info) }
    static func key(_ key: Certificate.PublicKey) -> (any VerifyingKey)? { RSAKey(key) }
}

/// RSAPublicKey (RFC 8017, appendix A.1.1).
struct RSAPublicKey {
    /// Both big-endian, without leading zeros.
    let modulus: ArraySlice<UInt8>
    let exponent: ArraySlice<UInt8>

    /// Nil unless it is the DER of a SEQUENCE of two INTEGERs.
    init?(keyBits: [UInt8]) {
        let parts = try? DER.sequence(DER.parse(keyBits), identifier: .sequence) { nodes in
            (try ArraySlice<UInt8>(derEncoded: &nodes), try ArraySlice<UInt8>(derEncoded: &nodes))
        }
        guard let (modulus, exponent) = parts else { return nil }
        self.modulus = modulus.drop { $0 == 0 }
        self.exponent = exponent.drop { $0 == 0 }
    }
}

/// Verifies RSASSA-PKCS1-v1_5 signatures (RFC 8017, section 8.2.2).
struct RSAKey: VerifyingKey {
    private let key: _RSA.Signing.PublicKey

    init(_ info: SubjectPublicKeyInfo) throws {
        // RFC 3279, section 2.3.1: parameters NULL.
        guard let parameters = info.parameters, parameters.encoded.elementsEqual([IdentifierOctet.null, 0]),
            // The library accepts other structures too.
            RSAPublicKey(keyBits: Array(info.keyBits)) != nil
        else { throw PublicKeyFault.malformed("it is no RSA key as RFC 3279 has it") }
        key = try _RSA.Signing.PublicKey(derRepresentation: Array(info.keyBits))
    }

    init?(_ key: Certificate.PublicKey) {
        guard let key = _RSA.Signing.PublicKey(key) else { return nil }
        self.key = key
    }

    init(modulus: [UInt8], exponent: [UInt8]) throws {
        key = try _RSA.Signing.PublicKey(n: modulus, e: exponent)
    }

    var algorithm: KeyAlgorithm? {
        switch bits {
        case 2048: .rsa2048
        case 3072: .rsa3072
        case 4096: .rsa4096
        default: nil
        }
    }
    var name: String { algorithm?.rawValue ?? "RSA" }
    var bits: Int { key.keySizeInBits }
    // RFC 3279, section 2.3.1: rsaEncryption, parameters NULL.
    var algorithmIdentifier: [UInt8] {
        [0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00]
    }
    var keyBits: [UInt8] { Array(key.pkcs1DERRepresentation) }

    func isValidSignature(
        _ signature: [UInt8], of message: [UInt8], _ algorithm: SignatureAlgorithm
    ) -> Bool {
        guard case .rsaPKCS1(let digest) = algorithm else { return false }
        return switch digest {
        case .sha256: isValid(signature, for: SHA256.hash(data: message))
        case .sha384: isValid(signature, for: SHA384.hash(data: message))
        case .sha512: isValid(signature, for: SHA512.hash(data: message))
        }
    }

    private func isValid(_ signature: [UInt8], for digest: some Digest) -> Bool {
        key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: signature), for: digest, padding: .insecurePKCS1v1_5)
    }
}

extension ASN1ObjectIdentifier {
    /// RFC 3279, section 2.3.1
    static let rsaEncryption: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 1]
}
