public import SwiftASN1
public import X509

/// A template: the extensions that it defines, and the sources of the request that may supply others.
public struct CertificateTemplate: Sendable {
    /// Name and version, as the last part of the ARN: `EndEntityCertificate/V1`.
    public let name: String
    public let role: Role
    public let passthrough: Passthrough
    public let content: Content
    /// The rules for requests; AWS's templates have none.
    public let rules: TemplateRules
    /// The extensions of ``content``, encoded once for all certificates, basicConstraints first.
    let ownExtensions: Result<[Certificate.Extension], any Error>

    public enum Role: Sendable, Hashable {
        /// Signed by its own key; no authority key identifier.
        case selfSignedAuthority
        case subordinateAuthority
        case endEntity
    }

    /// The sources of extensions that the template does not define.
    public struct Passthrough: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `ApiPassthrough`, which takes precedence over the CSR.
        public static let api = Passthrough(rawValue: 1)
        /// The extensions the CSR asks for.
        public static let csr = Passthrough(rawValue: 2)
    }

    /// The extensions the template defines.
    public struct Content: Sendable {
        public var basicConstraints: BasicConstraints
        public var isBasicConstraintsCritical: Bool
        /// Nil leaves it to the request (AWS's blank templates).
        public var keyUsage: KeyUsage?
        /// Empty leaves it to the request, if the template accepts that.
        public var extendedKeyUsage: [ExtendedKeyUsage.Usage]
        public var isExtendedKeyUsageCritical: Bool
        /// Other extensions, each with its encoded value.
        public var others: [Certificate.Extension]
        /// Extensions that are never in the certificate: the template does not add them, and requested ones
        /// are left out.
        public var withheld: Set<ASN1ObjectIdentifier>

        public init(
            basicConstraints: BasicConstraints, isBasicConstraintsCritical: Bool, keyUsage: KeyUsage?,
            extendedKeyUsage: [ExtendedKeyUsage.Usage], isExtendedKeyUsageCritical: Bool = false,
            others: [Certificate.Extension] = [], withheld: Set<ASN1ObjectIdentifier> = []
        ) {
            self.basicConstraints = basicConstraints
            self.isBasicConstraintsCritical = isBasicConstraintsCritical
            self.keyUsage = keyUsage
            self.extendedKeyUsage = extendedKeyUsage
            self.isExtendedKeyUsageCritical = isExtendedKeyUsageCritical
            self.others = others
            self.withheld = withheld
        }
    }

    public init(
        name: String, role: Role, passthrough: Passthrough, content: Content,
        rules: TemplateRules = TemplateRules()
    ) {
        self.name = name
        self.role = role
        self.passthrough = passthrough
        self.content = content
        self.rules = rules
        ownExtensions = Result { try content.extensions }
    }

    /// The default template (API reference, IssueCertificate).
    public static let defaultName = "EndEntityCertificate/V1"
}

extension CertificateTemplate.Content {
    /// In the order of the columns of AWS's table, the basic constraints first.
    var extensions: [Certificate.Extension] {
        get throws {
            var list = [
                try Certificate.Extension(basicConstraints, critical: isBasicConstraintsCritical)
            ]
            if let keyUsage { list.append(try Certificate.Extension(keyUsage, critical: true)) }
            if !extendedKeyUsage.isEmpty {
                list.append(
                    try Certificate.Extension(
                        try ExtendedKeyUsage(extendedKeyUsage), critical: isExtendedKeyUsageCritical))
            }
            return list + others
        }
    }
}
