/// A response before its signature (`ResponseData`, RFC 6960, section 4.2.1). The responder is named by its
/// key.
public struct ResponseData: Sendable {
    /// SHA-1 of the bits of the responder's key, 20 octets.
    public var responderKeyHash: [UInt8]
    public var producedAt: CivilTime
    public var responses: [SingleResponse]
    /// The value of the request's nonce extension; nil for none.
    public var nonce: [UInt8]?
    /// Whether certificates that were never issued are called revoked (RFC 6960, section 4.4.8).
    public var hasExtendedRevoked: Bool

    public init(
        responderKeyHash: [UInt8], producedAt: CivilTime, responses: [SingleResponse], nonce: [UInt8]?,
        hasExtendedRevoked: Bool
    ) {
        self.responderKeyHash = responderKeyHash
        self.producedAt = producedAt
        self.responses = responses
        self.nonce = nonce
        self.hasExtendedRevoked = hasExtendedRevoked
    }

    /// The DER that is signed.
    public var derBytes: [UInt8] {
        let sequence = DERTag.sequence.rawValue
        let hash = DERElements.encoded(tag: DERTag.octetString.rawValue, contents: responderKeyHash)
        var extensions: [UInt8] = []
        if let nonce { extensions += OCSPMessage.encodedExtension(OCSPRequest.nonceIdentifier, nonce) }
        if hasExtendedRevoked {
            extensions += OCSPMessage.encodedExtension(
                Self.extendedRevokeIdentifier, [DERTag.null.rawValue, 0])
        }
        return DERElements.encoded(
            tag: sequence,
            parts: [
                DERElements.encoded(tag: DERTag.constructedContext(2).rawValue, contents: hash),
                Self.encoded(producedAt),
                DERElements.encoded(tag: sequence, parts: responses.map(Self.encoded)),
                extensions.isEmpty
                    ? []
                    : DERElements.encoded(
                        tag: DERTag.constructedContext(1).rawValue,
                        contents: DERElements.encoded(tag: sequence, contents: extensions)),
            ])
    }

    private static func encoded(_ response: SingleResponse) -> [UInt8] {
        let status: [UInt8]
        switch response.status {
        case .good: status = [DERTag.context(0).rawValue, 0]
        case .revoked(let time, let reason):
            let reason = reason.map {
                DERElements.encoded(
                    tag: DERTag.constructedContext(0).rawValue,
                    contents: [DERTag.enumerated.rawValue, 1, $0])
            }
            status = DERElements.encoded(
                tag: DERTag.constructedContext(1).rawValue, parts: [encoded(time), reason ?? []])
        case .unknown: status = [DERTag.context(2).rawValue, 0]
        }
        let next = response.nextUpdate.map {
            DERElements.encoded(tag: DERTag.constructedContext(0).rawValue, contents: encoded($0))
        }
        return DERElements.encoded(
            tag: DERTag.sequence.rawValue,
            parts: [response.certificate.derBytes, status, encoded(response.thisUpdate), next ?? []])
    }

    /// A GeneralizedTime, whatever the year.
    private static func encoded(_ time: CivilTime) -> [UInt8] {
        var digits: [UInt8] = []
        func append(_ number: Int) {
            digits.append(UInt8(ascii: "0") + UInt8(number / 10 % 10))
            digits.append(UInt8(ascii: "0") + UInt8(number % 10))
        }
        append(time.year / 100)
        for part in [time.year % 100, time.month, time.day, time.hours, time.minutes, time.seconds] {
            append(part)
        }
        return DERElements.encoded(
            tag: DERTag.generalizedTime.rawValue, contents: digits + [UInt8(ascii: "Z")])
    }

    /// DER of id-pkix-ocsp-extended-revoke, 1.3.6.1.5.5.7.48.1.9.
    static let extendedRevokeIdentifier: [UInt8] = [
        0x06, 0x09, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x09,
    ]
}
