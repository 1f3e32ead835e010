internal import Identifiers
public import SwiftASN1
public import X509

/// The names and contents of extensions as text.
public enum ExtensionText {
    /// The name of RFC 5280, or the dotted decimal of an unknown identifier.
    public static func name(_ oid: ASN1ObjectIdentifier) -> String { names[oid] ?? oid.dotted }

    private static let names: [ASN1ObjectIdentifier: String] = [
        .X509ExtensionID.basicConstraints: "basicConstraints",
        .X509ExtensionID.authorityKeyIdentifier: "authorityKeyIdentifier",
        .X509ExtensionID.subjectKeyIdentifier: "subjectKeyIdentifier", .X509ExtensionID.keyUsage: "keyUsage",
        .X509ExtensionID.extendedKeyUsage: "extKeyUsage",
        .X509ExtensionID.subjectAlternativeName: "subjectAltName",
        .X509ExtensionID.issuerAlternativeName: "issuerAltName",
        .X509ExtensionID.nameConstraints: "nameConstraints",
        .X509ExtensionID.certificatePolicies: "certificatePolicies",
        .X509ExtensionID.cRLDistributionPoints: "cRLDistributionPoints",
        .X509ExtensionID.freshestCRL: "freshestCRL", .X509ExtensionID.policyMappings: "policyMappings",
        .X509ExtensionID.policyConstraints: "policyConstraints",
        .X509ExtensionID.inhibitAnyPolicy: "inhibitAnyPolicy",
        .X509ExtensionID.subjectDirectoryAttributes: "subjectDirectoryAttributes",
        .X509ExtensionID.authorityInformationAccess: "authorityInfoAccess",
        .X509ExtensionID.subjectInformationAccess: "subjectInfoAccess",
    ]

    /// Whether the extension has a name here.
    public static func isKnown(_ oid: ASN1ObjectIdentifier) -> Bool { names[oid] != nil }

    /// Its contents; the DER in hexadecimal for an unknown extension.
    public static func value(_ entry: Certificate.Extension) -> String {
        values(entry)?.joined(separator: ", ") ?? hexadecimal(Array(entry.value))
    }

    /// Its contents, with one text for each element of a list, so that no element can pass for two. Nil for
    /// an unknown extension.
    public static func values(_ entry: Certificate.Extension) -> [String]? {
        if let list = (try? list(entry)) ?? nil { return list }
        return ((try? single(entry)) ?? nil).map { [$0] }
    }

    private static func list(_ entry: Certificate.Extension) throws -> [String]? {
        switch entry.oid {
        case .X509ExtensionID.subjectAlternativeName: try SubjectAlternativeNames(entry).map(\.text)
        case .X509ExtensionID.certificatePolicies:
            try CertificatePolicies(derEncoded: entry.value).policies.map { policy in
                (["\(policy.identifier)"] + policy.practiceStatements).joined(separator: " ")
            }
        case .X509ExtensionID.authorityInformationAccess:
            try AuthorityInformationAccess(entry).map { "\($0.method) \($0.location.text)" }
        case .X509ExtensionID.subjectInformationAccess:
            try SubjectInformationAccess(entry).descriptions.map { "\($0.method) \($0.location.text)" }
        case .X509ExtensionID.nameConstraints: nameConstraints(try NameConstraints(entry))
        default: nil
        }
    }

    private static func single(_ entry: Certificate.Extension) throws -> String? {
        switch entry.oid {
        case .X509ExtensionID.basicConstraints: basicConstraints(try BasicConstraints(entry))
        case .X509ExtensionID.authorityKeyIdentifier:
            try AuthorityKeyIdentifier(entry).keyIdentifier.map {
                hexadecimal(Array($0), separator: ":")
            }
        case .X509ExtensionID.subjectKeyIdentifier:
            hexadecimal(Array(try SubjectKeyIdentifier(entry).keyIdentifier), separator: ":")
        case .X509ExtensionID.keyUsage: keyUsage(try KeyUsage(entry))
        case .X509ExtensionID.extendedKeyUsage: purposes(try ExtendedKeyUsage(entry))
        default: nil
        }
    }

    /// `CA:TRUE, pathlen:0`, as OpenSSL prints it.
    public static func basicConstraints(_ constraints: BasicConstraints) -> String {
        switch constraints {
        case .notCertificateAuthority: "CA:FALSE"
        case .isCertificateAuthority(nil): "CA:TRUE"
        case .isCertificateAuthority(let length?): "CA:TRUE, pathlen:\(length)"
        }
    }

    /// The names of RFC 5280, section 4.2.1.3, in the order of the bits.
    public static func keyUsage(_ usage: KeyUsage) -> String {
        [
            (usage.digitalSignature, "digitalSignature"), (usage.nonRepudiation, "nonRepudiation"),
            (usage.keyEncipherment, "keyEncipherment"), (usage.dataEncipherment, "dataEncipherment"),
            (usage.keyAgreement, "keyAgreement"), (usage.keyCertSign, "keyCertSign"),
            (usage.cRLSign, "cRLSign"), (usage.encipherOnly, "encipherOnly"),
            (usage.decipherOnly, "decipherOnly"),
        ].filter(\.0).map(\.1).joined(separator: ", ")
    }

    private static func purposes(_ usages: some Sequence<ExtendedKeyUsage.Usage>) -> String {
        usages.map { purpose(ASN1ObjectIdentifier($0)) }.joined(separator: ", ")
    }

    /// The name of a purpose, or its dotted decimal.
    public static func purpose(_ oid: ASN1ObjectIdentifier) -> String {
        purposeNames.first { $0.oid == oid }?.name ?? oid.dotted
    }

    /// The purpose with this name or dotted decimal; nil for neither. The names are those of RFC 5280,
    /// section 4.2.1.12, and other names in use.
    public static func purpose(named name: String) -> ASN1ObjectIdentifier? {
        purposeNames.first { $0.name == name }?.oid ?? ASN1ObjectIdentifier(dotted: name)
    }

    private static let purposeNames: [(name: String, oid: ASN1ObjectIdentifier)] = [
        ("serverAuth", .ExtendedKeyUsage.serverAuth), ("clientAuth", .ExtendedKeyUsage.clientAuth),
        ("codeSigning", .ExtendedKeyUsage.codeSigning),
        ("emailProtection", .ExtendedKeyUsage.emailProtection),
        ("timeStamping", .ExtendedKeyUsage.timeStamping), ("OCSPSigning", .ExtendedKeyUsage.ocspSigning),
        ("anyExtendedKeyUsage", .ExtendedKeyUsage.any),
        ("smartcardLogon", [1, 3, 6, 1, 4, 1, 311, 20, 2, 2]),
        ("documentSigning", [1, 3, 6, 1, 5, 5, 7, 3, 36]),
        ("msDocumentSigning", [1, 3, 6, 1, 4, 1, 311, 10, 3, 12]),
        ("certificateTransparency", .ExtendedKeyUsage.certificateTransparency),
    ]

    private static func nameConstraints(_ constraints: NameConstraints) -> [String] {
        constraints.permittedSubtrees.map { "permitted \($0.text)" }
            + constraints.excludedSubtrees.map { "excluded \($0.text)" }
    }
}
