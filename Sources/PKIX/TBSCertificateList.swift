internal import SwiftASN1

/// A CRL before its signature (RFC 5280, section 5.1.2): version 2, with the authority key identifier and the
/// CRL number, which every conforming issuer includes (sections 5.2.1 and 5.2.3).
public struct TBSCertificateList: Sendable {
    /// One revoked certificate.
    public struct Entry: Sendable, Hashable {
        /// Big-endian and positive.
        public var serialNumber: [UInt8]
        public var revocationDate: CivilTime
        /// Nil omits the reason, as RFC 5280, section 5.3.1, recommends for `unspecified`.
        public var reason: CRLReason?

        public init(serialNumber: [UInt8], revocationDate: CivilTime, reason: CRLReason?) {
            self.serialNumber = serialNumber
            self.revocationDate = revocationDate
            self.reason = reason
        }
    }

    public var signatureAlgorithm: SigningAlgorithm
    /// DER of the issuer's Name.
    public var issuer: [UInt8]
    public var thisUpdate: CivilTime
    public var nextUpdate: CivilTime
    public var entries: [Entry]
    /// The key identifier of the issuer's certificate.
    public var authorityKeyIdentifier: [UInt8]
    /// Big-endian, at most 20 octets. Increases with every CRL of the issuer.
    public var number: [UInt8]

    public init(
        signatureAlgorithm: SigningAlgorithm, issuer: [UInt8], thisUpdate: CivilTime, nextUpdate: CivilTime,
        entries: [Entry], authorityKeyIdentifier: [UInt8], number: [UInt8]
    ) {
        self.signatureAlgorithm = signatureAlgorithm
        self.issuer = issuer
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.entries = entries
        self.authorityKeyIdentifier = authorityKeyIdentifier
        self.number = number
    }

    /// The DER that is signed.
    public func derBytes() throws -> [UInt8] {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { coder in
            // RFC 5280, section 5.1.2.1: version 2 is written 1.
            try coder.serialize(1)
            coder.serializeRawBytes(signatureAlgorithm.algorithmIdentifier)
            coder.serializeRawBytes(issuer)
            try TBSCertificate.serialize(thisUpdate, into: &coder)
            try TBSCertificate.serialize(nextUpdate, into: &coder)
            // RFC 5280, section 5.1.2.6: absent when there are none.
            if !entries.isEmpty {
                try coder.appendConstructedNode(identifier: .sequence) { list in
                    for entry in entries { try Self.serialize(entry, into: &list) }
                }
            }
            try coder.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) { tagged in
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
                }
            }
        }
        return serializer.serializedBytes
    }

    private static func serialize(_ entry: Entry, into coder: inout DER.Serializer) throws {
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            coder.appendPrimitiveNode(identifier: .integer) {
                appendUnsignedInteger(entry.serialNumber, to: &$0)
            }
            try TBSCertificate.serialize(entry.revocationDate, into: &coder)
            guard let reason = entry.reason else { return }
            try coder.appendConstructedNode(identifier: .sequence) { list in
                try serializeExtension([2, 5, 29, 21], into: &list) { value in
                    value.appendPrimitiveNode(identifier: .enumerated) { $0.append(reason.rawValue) }
                }
            }
        }
    }

    /// An extension that is not critical.
    private static func serializeExtension(
        _ oid: ASN1ObjectIdentifier, into coder: inout DER.Serializer,
        _ body: (inout DER.Serializer) throws -> Void
    ) throws {
        var value = DER.Serializer()
        try body(&value)
        try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(oid)
            try coder.serialize(ASN1OctetString(contentBytes: value.serializedBytes[...]))
        }
    }
}

/// RFC 5280, section 5.3.1, without the reasons for delta CRLs and attribute certificates.
public enum CRLReason: UInt8, Sendable, Hashable, CaseIterable {
    case keyCompromise = 1
    case cACompromise = 2
    case affiliationChanged = 3
    case superseded = 4
    case cessationOfOperation = 5
    case privilegeWithdrawn = 9
}
