/// A request for the status of certificates (RFC 6960, section 4.1.1), read completely and strictly. Its
/// signature, if it has one, is not examined: the status of a certificate is public.
public struct OCSPRequest: Sendable {
    /// In the order of the request; at least one.
    public let certificates: [CertificateID]
    /// The value of the nonce extension as the request has it, DER of an OCTET STRING; nil without one. A
    /// response repeats it.
    public let nonce: [UInt8]?

    /// Certificates that one request can name.
    public static let mostCertificates = 100
    /// The octets of the longest request that is read: that many certificates, and a signature with
    /// certificates.
    public static let mostOctets = 32_768

    public init(derEncoded der: [UInt8]) throws(SyntaxFault) {
        guard der.count <= Self.mostOctets else {
            throw SyntaxFault(place: "OCSPRequest", problem: "has more than \(Self.mostOctets) octets")
        }
        var message = try DERReader(der[...], as: .sequence, "OCSPRequest")
        var request = DERReader(try message.next(.sequence, "tbsRequest"), "tbsRequest")
        _ = try message.optional(.constructedContext(0), "optionalSignature")
        try message.end()
        // X.690, section 11.5: version 1 is the default, and there is no other.
        _ = try request.optional(.constructedContext(1), "requestorName")
        let list = try request.next(.sequence, "requestList")
        certificates = try Self.certificates(in: list)
        var extensions: [MessageExtension] = []
        try request.explicit(2, "requestExtensions") { reader throws(SyntaxFault) in
            var list = DERReader(try reader.next(.sequence, nil), "requestExtensions")
            extensions = try list.messageExtensions("requestExtensions")
        }
        try request.end()
        nonce = try Self.nonce(in: extensions)
        try Self.refuseCritical(extensions, except: Self.nonceIdentifier, "requestExtensions")
    }

    private static func certificates(
        in list: DERElements.Element
    ) throws(SyntaxFault) -> [CertificateID] {
        var reader = DERReader(list, "requestList")
        var certificates: [CertificateID] = []
        try reader.forEach(.sequence, "request") { request throws(SyntaxFault) in
            guard certificates.count < mostCertificates else {
                throw SyntaxFault(
                    place: "requestList", problem: "names more than \(mostCertificates) certificates")
            }
            certificates.append(
                try CertificateID(request.next(.sequence, "reqCert"), request.within("reqCert")))
            try request.explicit(0, "singleRequestExtensions") { reader throws(SyntaxFault) in
                var list = DERReader(try reader.next(.sequence, nil), "singleRequestExtensions")
                try refuseCritical(
                    try list.messageExtensions("singleRequestExtensions"), except: [],
                    "singleRequestExtensions")
            }
        }
        return certificates
    }

    /// RFC 9654, section 2.1: a nonce has 1 to 128 octets, and another length makes a request malformed.
    private static func nonce(in extensions: [MessageExtension]) throws(SyntaxFault) -> [UInt8]? {
        guard let value = extensions.value(of: nonceIdentifier) else { return nil }
        let octets = try DERReader.single(value, as: .octetString, "nonce").contents
        guard (1...128).contains(octets.count) else {
            throw SyntaxFault(place: "nonce", problem: "does not have 1 to 128 octets")
        }
        return Array(value)
    }

    /// RFC 6960, section 4.4: a critical extension must be understood.
    private static func refuseCritical(
        _ extensions: [MessageExtension], except known: [UInt8], _ place: String
    ) throws(SyntaxFault) {
        guard !extensions.contains(where: { $0.isCritical && !$0.identifier.elementsEqual(known) }) else {
            throw SyntaxFault(place: place, problem: "has a critical extension that is not known")
        }
    }

    /// DER of id-pkix-ocsp-nonce, 1.3.6.1.5.5.7.48.1.2.
    static let nonceIdentifier: [UInt8] = [0x06, 0x09, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02]

    /// The DER of a request for one certificate.
    /// - Parameter nonce: its octets, 1 to 128; nil for none
    public static func encoded(_ certificate: CertificateID, nonce: [UInt8]? = nil) -> [UInt8] {
        let sequence = DERTag.sequence.rawValue
        let list = DERElements.encoded(
            tag: sequence, contents: DERElements.encoded(tag: sequence, contents: certificate.derBytes))
        let extensions = nonce.map {
            DERElements.encoded(
                tag: DERTag.constructedContext(2).rawValue,
                contents: DERElements.encoded(
                    tag: sequence,
                    contents: OCSPMessage.encodedExtension(
                        nonceIdentifier,
                        DERElements.encoded(tag: DERTag.octetString.rawValue, contents: $0))))
        }
        let request = DERElements.encoded(tag: sequence, parts: [list, extensions ?? []])
        return DERElements.encoded(tag: sequence, contents: request)
    }
}

/// Parts that requests and responses share.
enum OCSPMessage {
    /// An extension that is not critical.
    /// - Parameters:
    ///   - identifier: DER of its object identifier
    ///   - value: DER
    static func encodedExtension(_ identifier: [UInt8], _ value: [UInt8]) -> [UInt8] {
        DERElements.encoded(
            tag: DERTag.sequence.rawValue,
            parts: [identifier, DERElements.encoded(tag: DERTag.octetString.rawValue, contents: value)])
    }
}
