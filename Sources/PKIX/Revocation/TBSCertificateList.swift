internal import SwiftASN1

/// A CRL before its signature (RFC 5280, section 5.1.2): version 2, with the authority key identifier and the
/// CRL number, which every conforming issuer includes (sections 5.2.1 and 5.2.3). A complete one has no
/// issuingDistributionPoint: relying parties differ in what they do with one, down to accepting a revoked
/// certificate.
public struct TBSCertificateList: Sendable {
    public var signatureAlgorithm: SigningAlgorithm
    /// DER of the issuer's Name.
    public var issuer: [UInt8]
    public var thisUpdate: CivilTime
    public var nextUpdate: CivilTime
    public var revoked: RevokedCertificates
    /// The key identifier of the issuer's certificate.
    public var authorityKeyIdentifier: [UInt8]
    /// Big-endian, at most 20 octets. Increases with every CRL of the issuer.
    public var number: [UInt8]
    /// The URLs in issuingDistributionPoint; empty for a complete CRL, which has no such extension.
    public var distributionPoint: [String]

    public init(
        signatureAlgorithm: SigningAlgorithm, issuer: [UInt8], thisUpdate: CivilTime, nextUpdate: CivilTime,
        revoked: RevokedCertificates, authorityKeyIdentifier: [UInt8], number: [UInt8],
        distributionPoint: [String] = []
    ) {
        self.signatureAlgorithm = signatureAlgorithm
        self.issuer = issuer
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.revoked = revoked
        self.authorityKeyIdentifier = authorityKeyIdentifier
        self.number = number
        self.distributionPoint = distributionPoint
    }

    /// The DER that is signed.
    public func derBytes() throws -> [UInt8] {
        var serializer = DER.Serializer()
        // RFC 5280, section 5.1.2.1: version 2 is written 1.
        try serializer.serialize(1)
        serializer.serializeRawBytes(signatureAlgorithm.algorithmIdentifier)
        serializer.serializeRawBytes(issuer)
        try TBSCertificate.serialize(thisUpdate, into: &serializer)
        try TBSCertificate.serialize(nextUpdate, into: &serializer)
        let head = serializer.serializedBytes
        // RFC 5280, section 5.1.2.6: absent when there are none.
        let list =
            revoked.count == 0
            ? [] : DERElements.encoded(tag: IdentifierOctet.sequence, contents: revoked.derBytes)
        return DERElements.encoded(
            tag: IdentifierOctet.sequence, parts: [head, list, try encodedExtensions()])
    }

    private func encodedExtensions() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) { tagged in
            try tagged.appendConstructedNode(identifier: .sequence) { list in
                try Self.serializeExtension([2, 5, 29, 35], into: &list) { value in
                    value.appendConstructedNode(identifier: .sequence) { sequence in
                        sequence.appendPrimitiveNode(
                            identifier: .init(tagWithNumber: 0, tagClass: .contextSpecific)
                        ) { $0 += authorityKeyIdentifier }
                    }
                }
                try Self.serializeExtension([2, 5, 29, 20], into: &list) { value in
                    value.appendPrimitiveNode(identifier: .integer) {
                        appendUnsignedInteger(number, to: &$0)
                    }
                }
                if !distributionPoint.isEmpty {
                    // Section 5.2.5: critical.
                    try Self.serializeExtension([2, 5, 29, 28], isCritical: true, into: &list) { value in
                        value.serializeRawBytes(DistributionPoints.issuing(urls: distributionPoint))
                    }
                }
            }
        }
        return serializer.serializedBytes
    }

    private static func serializeExtension(
        _ oid: ASN1ObjectIdentifier, isCritical: Bool = false, into coder: inout DER.Serializer,
        _ body: (inout DER.Serializer) throws -> Void
    ) throws {
        var value = DER.Serializer()
        try body(&value)
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(oid)
            if isCritical { try coder.serialize(true) }
            try coder.serialize(ASN1OctetString(contentBytes: value.serializedBytes[...]))
        }
    }
}
