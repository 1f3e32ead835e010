/// A CRL (RFC 5280, section 5.1), read completely and strictly: its fields as octets, and its entries one
/// after the other.
public struct CertificateList: Sendable {
    public typealias Extension = MessageExtension

    /// One entry of the list.
    public struct Entry: Sendable {
        /// The octets of the INTEGER, without leading zeros.
        public let serialNumber: ArraySlice<UInt8>
        public let revocationDate: CivilTime
        /// Nil without the extension.
        public let reason: UInt8?
        public let hasCriticalExtension: Bool
    }

    /// What was read.
    public let derBytes: [UInt8]
    /// The signed octets.
    public let toBeSigned: ArraySlice<UInt8>
    /// DER of the AlgorithmIdentifier beside the signature; empty for a list without its signature.
    public let signatureAlgorithm: ArraySlice<UInt8>
    /// DER of the AlgorithmIdentifier within the signed octets.
    public let signature: ArraySlice<UInt8>
    /// The octets of the signature.
    public let signatureValue: ArraySlice<UInt8>
    /// 2, or 1 for a list without extensions.
    public let version: Int
    /// DER of the issuer's Name.
    public let issuer: ArraySlice<UInt8>
    public let thisUpdate: CivilTime
    public let nextUpdate: CivilTime?
    public let extensions: [Extension]
    /// cRLNumber (section 5.2.3), big-endian without leading zeros; nil without one.
    public let number: ArraySlice<UInt8>?
    /// The value of issuingDistributionPoint (section 5.2.5), well-formed; nil without one.
    public let issuingDistributionPoint: ArraySlice<UInt8>?
    /// The keyIdentifier of authorityKeyIdentifier; nil without one.
    public let authorityKeyIdentifier: ArraySlice<UInt8>?
    public let count: Int
    private let entries: ArraySlice<UInt8>

    public init(derEncoded der: [UInt8]) throws(SyntaxFault) {
        var list = try DERReader(der[...], as: .sequence, "CertificateList")
        let tbs = try list.next(.sequence, "tbsCertList")
        let algorithm = try list.next(.sequence, "signatureAlgorithm").encoded
        let bits = try DERReader.bitString(
            list.next(.bitString, "signatureValue").contents, "signatureValue"
        ).octets
        try list.end()
        try self.init(
            tbs, in: der, signatureAlgorithm: algorithm, signatureValue: bits)
    }

    /// A list without its signature: the octets that are signed.
    public init(tbsDerEncoded der: [UInt8]) throws(SyntaxFault) {
        let tbs = try DERReader.single(der[...], as: .sequence, "tbsCertList")
        try self.init(tbs, in: der, signatureAlgorithm: [], signatureValue: [])
    }

    private init(
        _ tbs: DERElements.Element, in der: [UInt8], signatureAlgorithm: ArraySlice<UInt8>,
        signatureValue: ArraySlice<UInt8>
    ) throws(SyntaxFault) {
        derBytes = der
        toBeSigned = tbs.encoded
        self.signatureAlgorithm = signatureAlgorithm
        self.signatureValue = signatureValue
        var fields = DERReader(tbs, "tbsCertList")
        let version = try fields.optional(.integer, "version")
        // RFC 5280, section 5.1.2.1: present only for version 2, which is written 1.
        guard version.map({ $0.contents.elementsEqual([1]) }) ?? true else {
            throw SyntaxFault(place: "tbsCertList.version", problem: "is not that of version 2")
        }
        self.version = version == nil ? 1 : 2
        signature = try fields.next(.sequence, "signature").encoded
        issuer = try fields.next(.sequence, "issuer").encoded
        guard NameOctets(issuer) != nil else {
            throw SyntaxFault(place: "tbsCertList.issuer", problem: "is not a Name")
        }
        thisUpdate = try Self.time(&fields, "thisUpdate")
        nextUpdate = try fields.hasTime ? Self.time(&fields, "nextUpdate") : nil
        entries = try fields.optional(.sequence, "revokedCertificates")?.contents ?? []
        var extensions: [Extension] = []
        try fields.explicit(0, "crlExtensions") { reader throws(SyntaxFault) in
            var list = DERReader(try reader.next(.sequence, nil), "crlExtensions")
            extensions = try list.messageExtensions("crlExtensions")
        }
        try fields.end()
        self.extensions = extensions
        number = try extensions.value(of: Self.numberIdentifier).map {
            value throws(SyntaxFault) in
            try RevocationExtensions.checkNumber(value)
            return try DERReader.single(value, as: .integer).contents.drop { $0 == 0 }
        }
        issuingDistributionPoint = try extensions.value(of: Self.issuingDistributionPoint).map {
            value throws(SyntaxFault) in
            try RevocationExtensions.checkIssuingDistributionPoint(value)
            return value
        }
        authorityKeyIdentifier = try extensions.value(of: Self.authorityKeyIdentifier).flatMap {
            value throws(SyntaxFault) in try AuthorityKeyReference(derEncoded: value).keyIdentifier
        }
        var count = 0
        try Self.forEachEntry(in: entries) { _ in count += 1 }
        self.count = count
    }

    /// Calls `body` with each entry, in order.
    public func forEachEntry(_ body: (Entry) -> Void) {
        // The initializer has read every entry once.
        try? Self.forEachEntry(in: entries, body)
    }

    /// Whether the signature is one of this key. False for an algorithm that ``SubjectPublicKey`` does not
    /// verify, and when the algorithm beside the signature is not the signed one (RFC 5280, section 5.1.1.2).
    public func isSigned(by key: SubjectPublicKey) -> Bool {
        guard signature == signatureAlgorithm,
            let algorithm = SigningAlgorithm.allCases.first(where: {
                $0.algorithmIdentifier.elementsEqual(signatureAlgorithm)
            })
        else { return false }
        return key.isValidSignature(Array(signatureValue), of: Array(toBeSigned), algorithm)
    }

    static let numberIdentifier: [UInt8] = [0x06, 0x03, 0x55, 0x1D, 0x14]
    static let issuingDistributionPoint: [UInt8] = [0x06, 0x03, 0x55, 0x1D, 0x1C]
    static let authorityKeyIdentifier: [UInt8] = [0x06, 0x03, 0x55, 0x1D, 0x23]
    private static let reasonIdentifier: [UInt8] = [0x06, 0x03, 0x55, 0x1D, 0x15]

    private static func forEachEntry(
        in octets: ArraySlice<UInt8>, _ body: (Entry) -> Void
    ) throws(SyntaxFault) {
        var list = DERReader(
            DERElements.Element(tag: 0, encoded: octets, contents: octets), "revokedCertificates")
        var index = 0
        while !list.isAtEnd {
            index += 1
            var reader = DERReader(
                try list.next(.sequence, "[\(index)]"), "revokedCertificates", index: index)
            let serial = try reader.next(.integer, "userCertificate").contents
            // RFC 5280, section 4.1.2.2: positive, and at most 20 octets; a leading zero is the sign.
            guard let first = serial.first, first < 0x80, serial.drop(while: { $0 == 0 }).count <= 20,
                serial.count == 1 || first != 0 || serial[serial.startIndex + 1] >= 0x80
            else {
                throw SyntaxFault(
                    place: reader.within("userCertificate"),
                    problem: "is not a number from 0 on of at most 20 octets")
            }
            let date = try time(&reader, "revocationDate")
            var extensions: [Extension] = []
            if let list = try reader.optional(.sequence, "crlEntryExtensions") {
                var entries = DERReader(list, reader.within("crlEntryExtensions"))
                extensions = try entries.messageExtensions(reader.within("crlEntryExtensions"))
            }
            try reader.end()
            var reason: UInt8?
            if let value = extensions.value(of: reasonIdentifier) {
                try RevocationExtensions.checkReason(value)
                reason = try DERReader.single(value, as: .enumerated).contents.last
            }
            body(
                Entry(
                    serialNumber: serial.drop { $0 == 0 }, revocationDate: date, reason: reason,
                    hasCriticalExtension: extensions.contains(where: \.isCritical)))
        }
    }

    private static func time(_ reader: inout DERReader, _ name: String) throws(SyntaxFault) -> CivilTime {
        let element = try reader.any(name)
        guard let time = CertificateParser.civilTime(element) else {
            throw SyntaxFault(
                place: reader.within(name),
                problem: "is not a UTCTime or GeneralizedTime of a moment, with seconds and in Zulu time")
        }
        return time
    }
}

extension DERReader {
    fileprivate var hasTime: Bool {
        firstOctet == DERTag.utcTime.rawValue || firstOctet == DERTag.generalizedTime.rawValue
    }
}
