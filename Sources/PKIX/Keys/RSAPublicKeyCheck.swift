internal import BigInt
internal import SwiftASN1

/// Whether an RSA public key can be trusted to be hard to break, as far as it shows.
enum RSAPublicKeyCheck {
    // SP 800-56B rev. 2, section 6.4.1.1, and CA/Browser Forum BR 6.1.6: an odd modulus of at least 2048 bits
    // whose length is divisible by 8, and an odd public exponent above 2^16.
    /// - Parameter keyBits: DER of RSAPublicKey (RFC 8017, appendix A.1.1)
    static func check(_ keyBits: [UInt8], known: KnownWeakKeys) throws(PublicKeyFault) {
        guard let key = RSAPublicKey(keyBits: keyBits) else {
            throw .malformed("the RSA public key is not a SEQUENCE of two INTEGERs")
        }
        let (number, power) = (key.modulus, key.exponent)
        let bits = number.first.map { number.count * 8 - $0.leadingZeroBitCount } ?? 0
        guard bits >= 2048 else { throw .weak("RSA with \(bits) bits; at least 2048 are needed") }
        guard bits % 8 == 0 else {
            throw .weak("RSA with \(bits) bits; use 2048, 3072, 4096 or another multiple of 8 up to 8192")
        }
        // The library that verifies signatures takes no more of either.
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
