internal import SwiftASN1
public import X509

/// A certificate before its signature (RFC 5280, section 4.1.2). The issuer's name and the subject's public
/// key are bytes that are copied unchanged: the name from the issuer's certificate, the key from the request.
public struct TBSCertificate: Sendable {
    /// Big-endian and positive; at most 20 octets.
    public var serialNumber: [UInt8]
    public var signatureAlgorithm: SigningAlgorithm
    /// DER of the issuer's Name.
    public var issuer: [UInt8]
    public var notBefore: CivilTime
    public var notAfter: CivilTime
    /// DER of the subject's Name.
    public var subject: [UInt8]
    /// DER of the SubjectPublicKeyInfo.
    public var subjectPublicKeyInfo: [UInt8]
    /// In the order of the encoding.
    public var extensions: [Certificate.Extension]

    public init(
        serialNumber: [UInt8], signatureAlgorithm: SigningAlgorithm, issuer: [UInt8], notBefore: CivilTime,
        notAfter: CivilTime, subject: [UInt8], subjectPublicKeyInfo: [UInt8],
        extensions: [Certificate.Extension]
    ) {
        self.serialNumber = serialNumber
        self.signatureAlgorithm = signatureAlgorithm
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.subject = subject
        self.subjectPublicKeyInfo = subjectPublicKeyInfo
        self.extensions = extensions
    }

    /// The DER that is signed.
    public func derBytes() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { coder in
            // RFC 5280, section 4.1.2.1: version 3, because there are always extensions.
            try coder.serialize(2, explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific)
            coder.appendPrimitiveNode(identifier: .integer) { appendUnsignedInteger(serialNumber, to: &$0) }
            coder.serializeRawBytes(signatureAlgorithm.algorithmIdentifier)
            coder.serializeRawBytes(issuer)
            try coder.appendConstructedNode(identifier: .sequence) { validity in
                try Self.serialize(notBefore, into: &validity)
                try Self.serialize(notAfter, into: &validity)
            }
            coder.serializeRawBytes(subject)
            coder.serializeRawBytes(subjectPublicKeyInfo)
            try coder.serialize(explicitlyTaggedWithTagNumber: 3, tagClass: .contextSpecific) { tagged in
                try tagged.appendConstructedNode(identifier: .sequence) { list in
                    for entry in extensions { try Self.serialize(entry, into: &list) }
                }
            }
        }
        return serializer.serializedBytes
    }

    // RFC 5280, section 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
    static func serialize(_ time: CivilTime, into coder: inout DER.Serializer) throws {
        if (1950...2049).contains(time.year) {
            try coder.serialize(
                UTCTime(
                    year: time.year, month: time.month, day: time.day, hours: time.hours,
                    minutes: time.minutes, seconds: time.seconds))
        } else {
            try coder.serialize(
                GeneralizedTime(
                    year: time.year, month: time.month, day: time.day, hours: time.hours,
                    minutes: time.minutes, seconds: time.seconds, fractionalSeconds: 0))
        }
    }

    private static func serialize(_ entry: Certificate.Extension, into coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(entry.oid)
            // X.690, section 11.5: a value equal to its DEFAULT is not encoded.
            if entry.critical { try coder.serialize(true) }
            try coder.serialize(ASN1OctetString(contentBytes: entry.value))
        }
    }
}

/// `SIGNED{…}` (RFC 5280, section 4.1): the signed bytes, the algorithm and the signature.
public enum SignedObject {
    /// The DER of a Certificate, CertificationRequest or CertificateList from the exact bytes that were
    /// signed.
    public static func assemble(
        tbs: [UInt8], algorithm: SigningAlgorithm, signature: [UInt8]
    ) -> [UInt8] {
        // BIT STRING, whose first octet is the number of unused bits (X.690, section 8.6.2)
        let bits = DERElements.encoded(tag: 0x03, contents: [0] + signature)
        return DERElements.encoded(tag: 0x30, parts: [tbs, algorithm.algorithmIdentifier, bits])
    }
}
