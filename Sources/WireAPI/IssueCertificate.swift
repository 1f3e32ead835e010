public enum IssueCertificateOperation: WireOperation {
    public static let name = "IssueCertificate"

    public struct Input: Codable, Sendable, Constrained {
        /// Ignored by templates without passthrough.
        public var apiPassthrough: ApiPassthrough?
        public var certificateAuthorityArn: String
        public var csr: Blob
        public var signingAlgorithm: String
        public var templateArn: String?
        public var validity: ValidityShape
        public var validityNotBefore: ValidityShape?
        public var idempotencyToken: String?

        public init(
            certificateAuthorityArn: String, csr: Blob, signingAlgorithm: String, templateArn: String?,
            validity: ValidityShape
        ) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.csr = csr
            self.signingAlgorithm = signingAlgorithm
            self.templateArn = templateArn
            self.validity = validity
        }

        public func check(_ constraints: inout Constraints) {
            apiPassthrough?.check(&constraints, at: "apiPassthrough")
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.length(csr, "csr", 1...32_768)
            constraints.signingAlgorithm(signingAlgorithm, "signingAlgorithm")
            if let templateArn { constraints.arn(templateArn, "templateArn") }
            validity.check(&constraints, at: "validity")
            validityNotBefore?.check(&constraints, at: "validityNotBefore")
            constraints.idempotencyToken(idempotencyToken)
        }
    }

    public struct Output: Codable, Sendable {
        public var certificateArn: String

        public init(certificateArn: String) { self.certificateArn = certificateArn }
    }
}

/// IssueCertificate for a certificate authority with name constraints. It requires the same permission.
public enum IssueConstrainedCertificateOperation: WireOperation {
    public static let name = "IssueConstrainedCertificate"
    public static let service = WireService.signet
    public static let action = IssueCertificateOperation.action
    public typealias Output = IssueCertificateOperation.Output

    public struct Input: Codable, Sendable, Constrained {
        /// As for IssueCertificate. The template must be one for certificate authorities.
        public var request: IssueCertificateOperation.Input
        public var nameConstraints: NameConstraintsShape

        public init(request: IssueCertificateOperation.Input, nameConstraints: NameConstraintsShape) {
            self.request = request
            self.nameConstraints = nameConstraints
        }

        public func check(_ constraints: inout Constraints) {
            request.check(&constraints)
            nameConstraints.check(&constraints, at: "nameConstraints")
        }
    }
}

/// The names that a certificate authority may certify (RFC 5280, section 4.2.1.10).
public struct NameConstraintsShape: Sendable, Hashable, Codable {
    /// For every kind of name listed here, only these names are allowed.
    public var permitted: Subtrees?
    /// These names are not allowed, even if they are permitted.
    public var excluded: Subtrees?

    public struct Subtrees: Sendable, Hashable, Codable {
        /// A domain and everything below it: `example.com`.
        public var dnsNames: [String]?
        /// A range: `10.0.0.0/8`, `2001:db8::/32`.
        public var ipRanges: [String]?
        /// A mailbox (`a@example.com`), all mailboxes of a host (`example.com`), or those of all hosts below
        /// a domain (`.example.com`).
        public var emailAddresses: [String]?
        /// A host (`www.example.com`), or all hosts below a domain (`.example.com`).
        public var uriDomains: [String]?
        /// Names that begin with this one.
        public var directoryNames: [ASN1Subject]?

        public init() {}

        func check(_ constraints: inout Constraints, at path: String) {
            for (member, values) in [
                ("dnsNames", dnsNames), ("ipRanges", ipRanges), ("emailAddresses", emailAddresses),
                ("uriDomains", uriDomains),
            ] {
                constraints.count(values?.count, "\(path).\(member)", 1...150)
                for (index, value) in (values ?? []).prefix(150).enumerated() {
                    constraints.length(value, "\(path).\(member).\(index + 1).member", 1...253)
                }
            }
            constraints.count(directoryNames?.count, "\(path).directoryNames", 1...150)
            for (index, name) in (directoryNames ?? []).prefix(150).enumerated() {
                name.check(&constraints, at: "\(path).directoryNames.\(index + 1).member")
            }
        }
    }

    public init(permitted: Subtrees?, excluded: Subtrees?) {
        self.permitted = permitted
        self.excluded = excluded
    }

    func check(_ constraints: inout Constraints, at path: String) {
        permitted?.check(&constraints, at: "\(path).permitted")
        excluded?.check(&constraints, at: "\(path).excluded")
    }
}
