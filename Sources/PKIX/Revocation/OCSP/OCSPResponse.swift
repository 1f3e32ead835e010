/// The outer message of a response (`OCSPResponse`, RFC 6960, section 4.2.1).
public enum OCSPResponse {
    /// Why there is no status (`OCSPResponseStatus`). These responses are not signed.
    public enum Failure: UInt8, Sendable, Hashable, CaseIterable {
        case malformedRequest = 1
        case internalError = 2
        case tryLater = 3
        case sigRequired = 5
        /// The responder has no authority to answer for the certificates (RFC 5019, section 2.2.3).
        case unauthorized = 6
    }

    /// The DER of a response without a status.
    public static func encoded(_ failure: Failure) -> [UInt8] {
        DERElements.encoded(
            tag: DERTag.sequence.rawValue, contents: [DERTag.enumerated.rawValue, 1, failure.rawValue])
    }

    /// Whether a response says that the responder cannot tell now.
    public static func isTemporary(_ der: [UInt8]) -> Bool {
        der == encoded(.tryLater) || der == encoded(.internalError)
    }

    /// The DER of a successful response.
    /// - Parameters:
    ///   - signed: DER of a BasicOCSPResponse without certificates
    ///   - certificates: DER of the certificates that relying parties need to verify the signature
    public static func encoded(_ signed: [UInt8], certificates: [[UInt8]]) -> [UInt8] {
        let sequence = DERTag.sequence.rawValue
        var basic = signed
        if !certificates.isEmpty, let element = DERElements(signed[...]).first(where: { _ in true }) {
            let list = DERElements.encoded(
                tag: DERTag.constructedContext(0).rawValue,
                contents: DERElements.encoded(tag: sequence, parts: certificates))
            basic = DERElements.encoded(tag: sequence, parts: [Array(element.contents), list])
        }
        let octets = DERElements.encoded(tag: DERTag.octetString.rawValue, contents: basic)
        let bytes = DERElements.encoded(tag: sequence, parts: [basicIdentifier, octets])
        return DERElements.encoded(
            tag: sequence,
            parts: [
                [DERTag.enumerated.rawValue, 1, 0],
                DERElements.encoded(tag: DERTag.constructedContext(0).rawValue, contents: bytes),
            ])
    }

    /// DER of id-pkix-ocsp-basic, 1.3.6.1.5.5.7.48.1.1.
    static let basicIdentifier: [UInt8] = [0x06, 0x09, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01]

    /// What was read of a response.
    public enum Reading: Sendable {
        case failure(UInt8)
        case basic(BasicOCSPResponse)
    }

    /// - Throws: ``SyntaxFault`` unless `der` is one response and nothing else
    public static func read(derEncoded der: [UInt8]) throws(SyntaxFault) -> Reading {
        var message = try DERReader(der[...], as: .sequence, "OCSPResponse")
        let status = try message.next(.enumerated, "responseStatus").contents
        guard status.count == 1, let status = status.first else {
            throw SyntaxFault(place: "responseStatus", problem: "is not of one octet")
        }
        var basic: BasicOCSPResponse?
        try message.explicit(0, "responseBytes") { reader throws(SyntaxFault) in
            var bytes = DERReader(try reader.next(.sequence, nil), "responseBytes")
            guard try bytes.next(.objectIdentifier, "responseType").encoded.elementsEqual(basicIdentifier)
            else { throw SyntaxFault(place: "responseType", problem: "is not id-pkix-ocsp-basic") }
            basic = try BasicOCSPResponse(
                derEncoded: Array(try bytes.next(.octetString, "response").contents))
            try bytes.end()
        }
        try message.end()
        guard status == 0 else { return .failure(status) }
        guard let basic else {
            throw SyntaxFault(place: "responseBytes", problem: "is missing in a successful response")
        }
        return .basic(basic)
    }
}
