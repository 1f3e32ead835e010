/// The fields of a certificate (RFC 5280, section 4.1) as octets, for any key and any algorithm. A parsed
/// `Certificate` has repaired or dropped some of them, and the library does not parse every certificate.
public struct CertificateFields: Sendable {
    public struct Extension: Sendable {
        /// The DER of its object identifier.
        public let identifier: ArraySlice<UInt8>
        public let isCritical: Bool
        public let value: ArraySlice<UInt8>
        /// The DER of the whole.
        public let encoded: ArraySlice<UInt8>
    }

    /// Encoded with tag and length, as all fields below.
    public let tbsCertificate: ArraySlice<UInt8>
    /// The explicitly tagged version; nil for version 1.
    public let version: ArraySlice<UInt8>?
    public let serialNumber: ArraySlice<UInt8>
    /// The algorithm within tbsCertificate.
    public let signature: ArraySlice<UInt8>
    public let issuer: ArraySlice<UInt8>
    public let validity: ArraySlice<UInt8>
    public let subject: ArraySlice<UInt8>
    public let subjectPublicKeyInfo: ArraySlice<UInt8>
    /// In their order, repeated ones included.
    public let extensions: [Extension]
    /// The algorithm beside the signature.
    public let signatureAlgorithm: ArraySlice<UInt8>
    /// The octets of the BIT STRING.
    private let signatureValue: ArraySlice<UInt8>

    public init(derEncoded der: [UInt8]) throws(SyntaxFault) {
        var certificate = try DERReader(der[...], as: .sequence, "Certificate")
        let tbs = try certificate.next(.sequence, "tbsCertificate")
        signatureAlgorithm = try certificate.next(.sequence, "signatureAlgorithm").encoded
        let signatureValue = try certificate.next(.bitString, "signatureValue").contents
        // X.690, section 8.6.2: the first octet counts the unused bits. A signature has none.
        self.signatureValue = signatureValue.first == 0 ? signatureValue.dropFirst() : []
        try certificate.end()
        tbsCertificate = tbs.encoded

        var fields = DERReader(tbs, "tbsCertificate")
        version = try fields.optional(.constructedContext(0), "version")?.encoded
        serialNumber = try fields.next(.integer, "serialNumber").encoded
        signature = try fields.next(.sequence, "signature").encoded
        issuer = try fields.next(.sequence, "issuer").encoded
        let validity = try fields.next(.sequence, "validity")
        self.validity = validity.encoded
        try Self.checkTimes(validity)
        subject = try fields.next(.sequence, "subject").encoded
        subjectPublicKeyInfo = try fields.next(.sequence, "subjectPublicKeyInfo").encoded
        _ = try fields.implicit(1, .bitString, "issuerUniqueID")
        _ = try fields.implicit(2, .bitString, "subjectUniqueID")
        extensions = try Self.extensions(&fields)
        try fields.end()
        try Self.checkName(issuer, "tbsCertificate.issuer")
        try Self.checkName(subject, "tbsCertificate.subject")
    }

    /// Whether the signature is one of this key. False for an algorithm that ``SubjectPublicKey`` does not
    /// verify, and when the algorithm beside the signature is not the signed one (RFC 5280, section 4.1.1.2).
    public func isSigned(by key: SubjectPublicKey) -> Bool {
        guard signature == signatureAlgorithm,
            let algorithm = SigningAlgorithm.allCases.first(where: {
                $0.algorithmIdentifier.elementsEqual(signatureAlgorithm)
            })
        else { return false }
        return key.isValidSignature(Array(signatureValue), of: Array(tbsCertificate), algorithm)
    }

    private static func checkName(_ name: ArraySlice<UInt8>, _ place: String) throws(SyntaxFault) {
        guard let relativeNames = NameOctets(name)?.relativeNames else {
            throw SyntaxFault(place: place, problem: "is not a SEQUENCE of SETs of attributes")
        }
        for attribute in relativeNames.joined() {
            if let problem = DERLeaves.objectIdentifierProblem(attribute.type) {
                throw SyntaxFault(place: place, problem: "has an attribute whose type is not one: \(problem)")
            }
        }
    }

    private static func checkTimes(_ validity: DERElements.Element) throws(SyntaxFault) {
        var times = DERReader(validity, "tbsCertificate.validity")
        for name in ["notBefore", "notAfter"] {
            let time = try times.any(name)
            // RFC 5280, section 4.1.2.5: with seconds, in Zulu time, and a moment that exists.
            guard CertificateParser.civilTime(time) != nil else {
                throw SyntaxFault(
                    place: times.within(name),
                    problem: "is not a UTCTime or GeneralizedTime of a moment, with seconds and in Zulu time")
            }
        }
        try times.end()
    }

    private static func extensions(_ fields: inout DERReader) throws(SyntaxFault) -> [Extension] {
        guard let tagged = try fields.optional(.constructedContext(3), "extensions") else { return [] }
        var outer = DERReader(tagged, "tbsCertificate.extensions")
        var list = DERReader(try outer.next(.sequence, nil), outer.place)
        try outer.end()
        var extensions: [Extension] = []
        while !list.isAtEnd {
            let number = extensions.count + 1
            let element = try list.next(.sequence, "[\(number)]")
            var parts = DERReader(element, "tbsCertificate.extensions", index: number)
            let identifier = try parts.next(.objectIdentifier, "extnID")
            if let problem = DERLeaves.objectIdentifierProblem(identifier.contents) {
                throw SyntaxFault(place: parts.within("extnID"), problem: "is not one: \(problem)")
            }
            let isCritical = try parts.optionalTrue("critical")
            let value = try parts.next(.octetString, "extnValue").contents
            try parts.end()
            extensions.append(
                Extension(
                    identifier: identifier.encoded, isCritical: isCritical, value: value,
                    encoded: element.encoded))
        }
        return extensions
    }
}
