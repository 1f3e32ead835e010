/// A signed response (RFC 6960, section 4.2.1), read completely and strictly.
public struct BasicOCSPResponse: Sendable {
    public enum ResponderID: Sendable, Hashable {
        /// DER of its Name.
        case name([UInt8])
        /// SHA-1 of the bits of its key.
        case keyHash([UInt8])
    }

    /// The signed octets.
    public let toBeSigned: [UInt8]
    /// DER of the AlgorithmIdentifier; empty for octets before their signature.
    public let signatureAlgorithm: [UInt8]
    /// The octets of the signature.
    public let signatureValue: [UInt8]
    public let responder: ResponderID
    public let producedAt: CivilTime
    public let responses: [SingleResponse]
    /// The value of the nonce extension, DER; nil without one.
    public let nonce: [UInt8]?
    public let hasExtendedRevoked: Bool
    /// Whether an extension is critical.
    public let hasCriticalExtension: Bool
    /// DER of the certificates that come with it.
    public let certificates: [[UInt8]]

    public init(derEncoded der: [UInt8]) throws(SyntaxFault) {
        var basic = try DERReader(der[...], as: .sequence, "BasicOCSPResponse")
        let data = try basic.next(.sequence, "tbsResponseData")
        let algorithm = try basic.next(.sequence, "signatureAlgorithm").encoded
        let bits = try DERReader.bitString(basic.next(.bitString, "signature").contents, "signature").octets
        var certificates: [[UInt8]] = []
        try basic.explicit(0, "certs") { reader throws(SyntaxFault) in
            var list = DERReader(try reader.next(.sequence, nil), "certs")
            while !list.isAtEnd {
                certificates.append(Array(try list.next(.sequence, "certificate").encoded))
            }
        }
        try basic.end()
        try self.init(data, Array(algorithm), Array(bits), certificates)
    }

    /// The octets that are signed.
    public init(tbsDerEncoded der: [UInt8]) throws(SyntaxFault) {
        try self.init(DERReader.single(der[...], as: .sequence, "tbsResponseData"), [], [], [])
    }

    private init(
        _ data: DERElements.Element, _ algorithm: [UInt8], _ signature: [UInt8], _ certificates: [[UInt8]]
    ) throws(SyntaxFault) {
        toBeSigned = Array(data.encoded)
        signatureAlgorithm = algorithm
        signatureValue = signature
        self.certificates = certificates
        var fields = DERReader(data, "tbsResponseData")
        responder = try Self.responder(&fields)
        producedAt = try fields.moment("producedAt")
        var list = DERReader(try fields.next(.sequence, "responses"), "responses")
        var responses: [SingleResponse] = []
        var isAnyCritical = false
        try list.forEach(.sequence, "response") { reader throws(SyntaxFault) in
            responses.append(try Self.single(&reader, &isAnyCritical))
        }
        self.responses = responses
        var extensions: [MessageExtension] = []
        try fields.explicit(1, "responseExtensions") { reader throws(SyntaxFault) in
            var list = DERReader(try reader.next(.sequence, nil), "responseExtensions")
            extensions = try list.messageExtensions("responseExtensions")
        }
        try fields.end()
        nonce = extensions.value(of: OCSPRequest.nonceIdentifier).map { Array($0) }
        hasExtendedRevoked = extensions.value(of: ResponseData.extendedRevokeIdentifier) != nil
        hasCriticalExtension = isAnyCritical || extensions.contains(where: \.isCritical)
    }

    private static func responder(_ fields: inout DERReader) throws(SyntaxFault) -> ResponderID {
        var responder: ResponderID?
        try fields.explicit(1, "responderID.byName") { reader throws(SyntaxFault) in
            let name = try reader.next(.sequence, nil).encoded
            guard NameOctets(name) != nil else {
                throw SyntaxFault(place: "responderID.byName", problem: "is not a Name")
            }
            responder = .name(Array(name))
        }
        if responder == nil {
            try fields.explicit(2, "responderID.byKey") { reader throws(SyntaxFault) in
                let hash = try reader.next(.octetString, nil).contents
                guard hash.count == 20 else {
                    throw SyntaxFault(place: "responderID.byKey", problem: "does not have 20 octets")
                }
                responder = .keyHash(Array(hash))
            }
        }
        guard let responder else { throw SyntaxFault(place: "responderID", problem: "is missing") }
        return responder
    }

    private static func single(
        _ reader: inout DERReader, _ isCritical: inout Bool
    ) throws(SyntaxFault) -> SingleResponse {
        let certificate = try CertificateID(reader.next(.sequence, "certID"), reader.within("certID"))
        let status: CertificateStatus
        if try reader.implicit(0, .null, "good") != nil {
            status = .good
        } else if let info = try reader.implicit(1, .sequence, "revoked") {
            var revoked = DERReader(info, reader.within("revoked"))
            let time = try revoked.moment("revocationTime")
            var reason: UInt8?
            try revoked.explicit(0, "revocationReason") { parts throws(SyntaxFault) in
                let value = try parts.next(.enumerated, nil)
                try RevocationExtensions.checkReason(value.encoded)
                reason = value.contents.last
            }
            try revoked.end()
            status = .revoked(at: time, reason: reason)
        } else if try reader.implicit(2, .null, "unknown") != nil {
            status = .unknown
        } else {
            throw SyntaxFault(place: reader.within("certStatus"), problem: "is missing")
        }
        let thisUpdate = try reader.moment("thisUpdate")
        var nextUpdate: CivilTime?
        try reader.explicit(0, "nextUpdate") { parts throws(SyntaxFault) in
            nextUpdate = try parts.moment(nil)
        }
        try reader.explicit(1, "singleExtensions") { parts throws(SyntaxFault) in
            var list = DERReader(try parts.next(.sequence, nil), "singleExtensions")
            if try list.messageExtensions("singleExtensions").contains(where: \.isCritical) {
                isCritical = true
            }
        }
        return SingleResponse(certificate, status, thisUpdate: thisUpdate, nextUpdate: nextUpdate)
    }

    /// Whether the signature is one of this key. False for an algorithm that ``SubjectPublicKey`` does not
    /// verify.
    public func isSigned(by key: SubjectPublicKey) -> Bool {
        guard
            let algorithm = SigningAlgorithm.allCases.first(where: {
                $0.algorithmIdentifier == signatureAlgorithm
            })
        else { return false }
        return key.isValidSignature(signatureValue, of: toBeSigned, algorithm)
    }
}

extension DERReader {
    /// A GeneralizedTime with seconds and in Zulu time (RFC 6960, section 4.2.2.1).
    fileprivate mutating func moment(_ name: String?) throws(SyntaxFault) -> CivilTime {
        let element = try next(.generalizedTime, name)
        guard let time = CertificateParser.civilTime(element) else {
            throw SyntaxFault(
                place: name.map(within) ?? place,
                problem: "is not a GeneralizedTime of a moment, with seconds and in Zulu time")
        }
        return time
    }
}
