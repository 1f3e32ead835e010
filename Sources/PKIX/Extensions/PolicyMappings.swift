public import SwiftASN1

/// The pairs of equivalent policies of issuer and subject (RFC 5280, section 4.2.1.5).
public struct PolicyMappings: Sendable {
    public typealias Mapping = (
        issuerDomainPolicy: ASN1ObjectIdentifier, subjectDomainPolicy: ASN1ObjectIdentifier
    )

    public let mappings: [Mapping]

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        var list: [Mapping] = []
        try reader.forEach(.sequence, "mapping") { parts throws(SyntaxFault) in
            list.append(
                (
                    issuerDomainPolicy: try parts.objectIdentifier("issuerDomainPolicy"),
                    subjectDomainPolicy: try parts.objectIdentifier("subjectDomainPolicy")
                ))
        }
        mappings = list
    }
}

/// RFC 5280, section 4.2.1.11
public struct PolicyConstraints: Sendable {
    public let requireExplicitPolicy: Int?
    public let inhibitPolicyMapping: Int?

    /// Parses the value of the extension.
    public init(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) {
        var reader = try DERReader(value, as: .sequence, "")
        if reader.isAtEnd { throw SyntaxFault(place: "", problem: "is empty") }
        requireExplicitPolicy = try Self.skipCerts(&reader, 0, "requireExplicitPolicy")
        inhibitPolicyMapping = try Self.skipCerts(&reader, 1, "inhibitPolicyMapping")
        try reader.end()
    }

    private static func skipCerts(
        _ reader: inout DERReader, _ tag: UInt8, _ name: String
    ) throws(SyntaxFault) -> Int? {
        guard let element = try reader.implicit(tag, .integer, name) else { return nil }
        return try DERReader.nonNegativeInteger(element.contents, reader.within(name))
    }
}

/// inhibitAnyPolicy (RFC 5280, section 4.2.1.14): `SkipCerts ::= INTEGER (0..MAX)`.
public enum InhibitAnyPolicy {
    public static func skipCerts(derEncoded value: ArraySlice<UInt8>) throws(SyntaxFault) -> Int {
        // Only one value is read, so the reader starts at the extension's value.
        var reader = DERReader(DERElements.Element(tag: 0, encoded: value, contents: value), "")
        let count = try reader.integer("skipCerts")
        try reader.end()
        return count
    }
}
