public import SwiftASN1
public import X509

/// The policies a certificate was issued under (RFC 5280, section 4.2.1.4), with pointers to practice
/// statements. Other qualifiers are ignored.
public struct CertificatePolicies: Sendable, Hashable {
    public struct Policy: Sendable, Hashable {
        public var identifier: ASN1ObjectIdentifier
        /// `id-qt-cps`: the URIs of certification practice statements.
        public var practiceStatements: [String]

        public init(identifier: ASN1ObjectIdentifier, practiceStatements: [String]) {
            self.identifier = identifier
            self.practiceStatements = practiceStatements
        }
    }

    public var policies: [Policy]

    public init(_ policies: [Policy]) { self.policies = policies }

    private static let practiceStatement: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 2, 1]

    /// Parses the value of the extension. Throws when it is not a certificatePolicies value.
    public init(derEncoded value: ArraySlice<UInt8>) throws {
        policies = try DER.sequence(DER.parse(value), identifier: .sequence) { nodes in
            var policies: [Policy] = []
            while let node = nodes.next() {
                policies.append(try DER.sequence(node, identifier: .sequence) { try Self.policy(&$0) })
            }
            return policies
        }
    }

    private static func policy(_ nodes: inout ASN1NodeCollection.Iterator) throws -> Policy {
        let identifier = try ASN1ObjectIdentifier(derEncoded: &nodes)
        guard let qualifiers = nodes.next() else {
            return Policy(identifier: identifier, practiceStatements: [])
        }
        let statements = try DER.sequence(qualifiers, identifier: .sequence) { infos in
            var statements: [String] = []
            while let info = infos.next() {
                try DER.sequence(info, identifier: .sequence) { parts in
                    let kind = try ASN1ObjectIdentifier(derEncoded: &parts)
                    guard let qualifier = parts.next(), kind == practiceStatement else { return }
                    statements.append(String(try ASN1IA5String(derEncoded: qualifier)))
                }
            }
            return statements
        }
        return Policy(identifier: identifier, practiceStatements: statements)
    }

    /// The extension.
    public func makeExtension(critical: Bool) throws -> Certificate.Extension {
        var serializer = DER.Serializer()
        try serializer.appendConstructedNode(identifier: .sequence) { list in
            for policy in policies {
                try list.appendConstructedNode(identifier: .sequence) { coder in
                    try coder.serialize(policy.identifier)
                    guard !policy.practiceStatements.isEmpty else { return }
                    try coder.appendConstructedNode(identifier: .sequence) { qualifiers in
                        for statement in policy.practiceStatements {
                            try qualifiers.appendConstructedNode(identifier: .sequence) { info in
                                try info.serialize(Self.practiceStatement)
                                try info.serialize(ASN1IA5String(statement))
                            }
                        }
                    }
                }
            }
        }
        return Certificate.Extension(
            oid: .X509ExtensionID.certificatePolicies, critical: critical,
            value: serializer.serializedBytes[...])
    }
}

extension ASN1ObjectIdentifier.X509ExtensionID {
    /// RFC 5280, section 4.2.1.4
    public static let certificatePolicies: ASN1ObjectIdentifier = [2, 5, 29, 32]
    /// RFC 5280, section 4.2.1.13
    public static let cRLDistributionPoints: ASN1ObjectIdentifier = [2, 5, 29, 31]
    /// RFC 5280, section 4.2.1.15
    public static let freshestCRL: ASN1ObjectIdentifier = [2, 5, 29, 46]
    /// RFC 5280, section 4.2.1.5
    public static let policyMappings: ASN1ObjectIdentifier = [2, 5, 29, 33]
    /// RFC 5280, section 4.2.1.11
    public static let policyConstraints: ASN1ObjectIdentifier = [2, 5, 29, 36]
    /// RFC 5280, section 4.2.1.14
    public static let inhibitAnyPolicy: ASN1ObjectIdentifier = [2, 5, 29, 54]
    /// RFC 5280, section 4.2.1.7
    public static let issuerAlternativeName: ASN1ObjectIdentifier = [2, 5, 29, 18]
    /// RFC 5280, section 4.2.1.8
    public static let subjectDirectoryAttributes: ASN1ObjectIdentifier = [2, 5, 29, 9]
    /// RFC 5280, section 4.2.2.2
    public static let subjectInformationAccess: ASN1ObjectIdentifier = [1, 3, 6, 1, 5, 5, 7, 1, 11]
}
