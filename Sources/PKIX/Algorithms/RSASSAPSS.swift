internal import BigInt
internal import SwiftASN1

/// Verifies RSASSA-PSS signatures (RFC 8017, section 8.1.2) with SHA-2 and a salt of any length. The RSA
/// library accepts only one length of salt.
struct RSASSAPSS {
    /// RFC 4055, section 3.1.
    static let identifier: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 10]
    /// RFC 4055, section 2.2.
    private static let maskGeneration: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 8]

    private let digest: SHA2
    private let saltLength: Int

    /// Reads RSASSA-PSS-params (RFC 4055, section 3.1). Both digests default to SHA-1, so they must be
    /// present.
    init(parameters: DERElements.Element?) throws(CertificationRequestError) {
        guard let parameters, parameters.tag == IdentifierOctet.sequence else {
            throw .unsupportedSignatureAlgorithm("RSASSA-PSS without parameters")
        }
        var members: [UInt8: DERElements.Element] = [:]
        for element in DERElements(parameters.contents) { members[element.tag] = element }
        guard let hash = members[IdentifierOctet.contextSpecific(0)].flatMap(Self.algorithm(in:)),
            let mask = members[IdentifierOctet.contextSpecific(1)].flatMap(Self.algorithm(in:))
        else { throw .unsupportedSignatureAlgorithm("RSASSA-PSS with SHA-1; make the request with SHA-256") }
        guard let digest = SHA2(hash.identifier), mask.identifier == Self.maskGeneration,
            let inner = mask.parameters.flatMap(Self.algorithm(of:)), SHA2(inner.identifier) == digest
        else {
            throw .unsupportedSignatureAlgorithm(
                "RSASSA-PSS with other digests than SHA-256, SHA-384 or SHA-512, or with one for the mask and another for the message"
            )
        }
        self.digest = digest
        saltLength = members[IdentifierOctet.contextSpecific(2)].flatMap(Self.integer(in:)) ?? 20
        // RFC 8017, appendix A.2.3: trailerField is 1.
        guard members[IdentifierOctet.contextSpecific(3)].map({ Self.integer(in: $0) == 1 }) ?? true,
            members.keys.allSatisfy({
                (IdentifierOctet.contextSpecific(0)...IdentifierOctet.contextSpecific(3)).contains($0)
            })
        else {
            throw .unsupportedSignatureAlgorithm("RSASSA-PSS with parameters that RFC 4055 does not have")
        }
    }

    // RFC 8017, sections 8.1.2 and 9.1.2, by their steps.
    func isValidSignature(_ signature: [UInt8], of message: [UInt8], by key: RSAPublicKey) -> Bool {
        guard signature.count == key.modulus.count else { return false }
        let modulus = BigUInt(bigEndian: key.modulus)
        let representative = BigUInt(bigEndian: signature[...])
        guard representative < modulus else { return false }
        let power = representative.power(BigUInt(bigEndian: key.exponent), modulus: modulus)
        let bits = modulus.bitWidth - 1
        guard let encoded = Self.octets(power, count: (bits + 7) / 8) else { return false }
        let hash = digest.hash(message)
        // Steps 3 and 4.
        guard encoded.count >= hash.count + saltLength + 2, encoded.last == 0xBC else { return false }
        // Step 5.
        let maskedBlock = Array(encoded.prefix(encoded.count - hash.count - 1))
        let check = Array(encoded.dropFirst(maskedBlock.count).prefix(hash.count))
        // Step 6: the bits above emBits, which is one less than the bits of the modulus, are zero.
        let topMask = UInt8(0xFF) >> (8 * encoded.count - bits)
        guard maskedBlock[0] & ~topMask == 0 else { return false }
        // Steps 7 to 9.
        var block = zip(maskedBlock, mask(from: check, count: maskedBlock.count)).map { $0 ^ $1 }
        block[0] &= topMask
        // Step 10.
        let padding = block.count - saltLength - 1
        guard block[..<padding].allSatisfy({ $0 == 0 }), block[padding] == 1 else { return false }
        // Steps 11 to 14.
        let salt = block.suffix(saltLength)
        return digest.hash([UInt8](repeating: 0, count: 8) + hash + salt) == check
    }

    // RFC 8017, appendix B.2.1.
    private func mask(from seed: [UInt8], count: Int) -> [UInt8] {
        var mask: [UInt8] = []
        var counter: UInt32 = 0
        while mask.count < count {
            mask += digest.hash(seed + (0..<4).reversed().map { UInt8(counter >> (8 * $0) & 0xFF) })
            counter += 1
        }
        return Array(mask.prefix(count))
    }

    /// Big-endian; nil when it does not fit.
    private static func octets(_ number: BigUInt, count: Int) -> [UInt8]? {
        let octets = Array(number.serialize())
        guard octets.count <= count else { return nil }
        return [UInt8](repeating: 0, count: count - octets.count) + octets
    }

    private typealias Algorithm = (identifier: ASN1ObjectIdentifier, parameters: DERElements.Element?)

    /// The AlgorithmIdentifier in the explicit tag; nil when it is something else.
    private static func algorithm(in tagged: DERElements.Element) -> Algorithm? {
        var inner = DERElements(tagged.contents)
        guard let element = inner.next(), inner.next() == nil else { return nil }
        return algorithm(of: element)
    }

    private static func algorithm(of element: DERElements.Element) -> Algorithm? {
        var fields = DERElements(element.contents)
        guard element.tag == IdentifierOctet.sequence, let first = fields.next(),
            let identifier = try? ASN1ObjectIdentifier(derEncoded: first.encoded)
        else { return nil }
        return (identifier, fields.next())
    }

    /// The number in the explicit tag; nil when it is not a number from 0 to 32767.
    private static func integer(in tagged: DERElements.Element) -> Int? {
        var inner = DERElements(tagged.contents)
        guard let element = inner.next(), inner.next() == nil, element.tag == IdentifierOctet.integer,
            (1...2).contains(element.contents.count), let first = element.contents.first, first < 0x80
        else { return nil }
        return element.contents.reduce(0) { $0 << 8 | Int($1) }
    }
}

extension SHA2 {
    /// RFC 4055, section 2.1.
    fileprivate init?(_ identifier: ASN1ObjectIdentifier) {
        switch identifier {
        case [2, 16, 840, 1, 101, 3, 4, 2, 1]: self = .sha256
        case [2, 16, 840, 1, 101, 3, 4, 2, 2]: self = .sha384
        case [2, 16, 840, 1, 101, 3, 4, 2, 3]: self = .sha512
        default: return nil
        }
    }
}
