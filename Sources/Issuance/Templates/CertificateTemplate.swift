public import SwiftASN1
public import X509

/// What goes into a certificate: what the template itself says, and which of the request's two sources may say the rest.
public struct CertificateTemplate: Sendable {
    /// Name and version, as the last part of the ARN: `EndEntityCertificate/V1`.
    public let name: String
    public let role: Role
    public let passthrough: Passthrough
    public let content: Content
    /// What requests must keep; AWS's templates have no rules.
    public let rules: TemplateRules
    /// Those of ``content``, encoded once for all certificates, the basic constraints first.
    let ownExtensions: Result<[Certificate.Extension], any Error>

    public enum Role: Sendable, Hashable {
        /// Signed by its own key; no authority key identifier.
        case selfSignedAuthority
        case subordinateAuthority
        case endEntity
    }

    /// Where extensions that the template does not define may come from.
    public struct Passthrough: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `ApiPassthrough`; it goes before the CSR.
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
        /// Empty leaves it to the request, where that may say something.
        public var extendedKeyUsage: [ExtendedKeyUsage.Usage]
        public var isExtendedKeyUsageCritical: Bool
        /// Others, each with its own bytes.
        public var others: [Certificate.Extension]
        /// Extensions that the request must not bring, and the template does not put in.
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

    /// The template a request without one gets (API reference, IssueCertificate).
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
