internal import Crypto

/// Names a certificate by hashes of its issuer and by its serial number (`CertID`, RFC 6960, section 4.1.1).
public struct CertificateID: Sendable, Hashable {
    /// The hash functions that relying parties use.
    public enum HashAlgorithm: Sendable, Hashable, CaseIterable {
        case sha1
        case sha256
        case sha384
        case sha512

        /// The contents octets of its object identifier.
        var identifier: [UInt8] {
            switch self {
            // 1.3.14.3.2.26
            case .sha1: [0x2B, 0x0E, 0x03, 0x02, 0x1A]
            // 2.16.840.1.101.3.4.2.1, .2 and .3
            case .sha256: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
            case .sha384: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02]
            case .sha512: [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03]
            }
        }

        func hash(_ octets: some Sequence<UInt8>) -> [UInt8] {
            switch self {
            // SHA-1 serves as a name here; no security depends on it.
            case .sha1: Array(Insecure.SHA1.hash(data: Array(octets)))
            case .sha256: SHA2.sha256.hash(Array(octets))
            case .sha384: SHA2.sha384.hash(Array(octets))
            case .sha512: SHA2.sha512.hash(Array(octets))
            }
        }
    }

    /// The hashes that name an issuer.
    public struct Issuer: Sendable, Hashable {
        public let algorithm: HashAlgorithm
        public let nameHash: [UInt8]
        public let keyHash: [UInt8]

        /// - Parameters:
        ///   - name: DER of the issuer's Name
        ///   - publicKey: the issuer's key
        public init(_ algorithm: HashAlgorithm, name: [UInt8], publicKey: SubjectPublicKey) {
            self.algorithm = algorithm
            nameHash = algorithm.hash(name)
            // RFC 6960, section 4.1.1: the bits of the key without tag, length and unused bits.
            keyHash = algorithm.hash(publicKey.keyBits)
        }

        fileprivate init(_ algorithm: HashAlgorithm, nameHash: [UInt8], keyHash: [UInt8]) {
            self.algorithm = algorithm
            self.nameHash = nameHash
            self.keyHash = keyHash
        }
    }

    /// The octets as the request has them. A response repeats them.
    public let derBytes: [UInt8]
    /// Nil for an unknown hash function.
    public let issuer: Issuer?
    /// Big-endian, without leading zeros; nil for a number that no certificate can have.
    public let serialNumber: [UInt8]?

    /// - Parameter serialNumber: big-endian and positive; at most 20 octets
    public init(_ issuer: Issuer, serialNumber: [UInt8]) {
        let number = Array(serialNumber.drop { $0 == 0 })
        self.issuer = issuer
        self.serialNumber = number
        let null = DERElements.encoded(tag: DERTag.null.rawValue, contents: [])
        let algorithm = DERElements.encoded(
            tag: DERTag.sequence.rawValue,
            parts: [
                DERElements.encoded(
                    tag: DERTag.objectIdentifier.rawValue, contents: issuer.algorithm.identifier),
                null,
            ])
        derBytes = DERElements.encoded(
            tag: DERTag.sequence.rawValue,
            parts: [
                algorithm,
                DERElements.encoded(tag: DERTag.octetString.rawValue, contents: issuer.nameHash),
                DERElements.encoded(tag: DERTag.octetString.rawValue, contents: issuer.keyHash),
                DERElements.encoded(
                    tag: DERTag.integer.rawValue,
                    contents: number.first.map { $0 >= 0x80 } ?? true ? [0] + number : number),
            ])
    }

    init(_ element: DERElements.Element, _ place: String) throws(SyntaxFault) {
        derBytes = Array(element.encoded)
        var reader = DERReader(element, place)
        var algorithm = DERReader(
            try reader.next(.sequence, "hashAlgorithm"), reader.within("hashAlgorithm"))
        let identifier = try algorithm.next(.objectIdentifier, "algorithm").contents
        // RFC 5754, section 2: the parameters of SHA-2 are absent, and NULL is accepted.
        if let null = try algorithm.optional(.null, "parameters") {
            guard null.contents.isEmpty else {
                throw SyntaxFault(place: algorithm.within("parameters"), problem: "is not NULL")
            }
        }
        try algorithm.end()
        let nameHash = try reader.next(.octetString, "issuerNameHash").contents
        let keyHash = try reader.next(.octetString, "issuerKeyHash").contents
        let number = try reader.next(.integer, "serialNumber").contents
        try reader.end()
        guard let first = number.first, number.count <= 64,
            number.count == 1 || !(first == 0 && number[number.startIndex + 1] < 0x80)
        else {
            throw SyntaxFault(
                place: reader.within("serialNumber"), problem: "is not an INTEGER of at most 64 octets")
        }
        issuer = HashAlgorithm.allCases.first { $0.identifier.elementsEqual(identifier) }.map {
            Issuer($0, nameHash: Array(nameHash), keyHash: Array(keyHash))
        }
        // RFC 5280, section 4.1.2.2
        let significant = number.drop { $0 == 0 }
        serialNumber =
            first < 0x80 && (1...20).contains(significant.count) ? Array(significant) : nil
    }

    public static func == (one: Self, other: Self) -> Bool { one.derBytes == other.derBytes }

    public func hash(into hasher: inout Hasher) { hasher.combine(derBytes) }
}
