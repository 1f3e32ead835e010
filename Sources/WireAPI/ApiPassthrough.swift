/// The parts of a certificate that a request gives outside of its CSR (API reference, `ApiPassthrough`).
public struct ApiPassthrough: Sendable, Hashable, Codable {
    public var extensions: ExtensionsShape?
    public var subject: ASN1Subject?

    public init(extensions: ExtensionsShape? = nil, subject: ASN1Subject? = nil) {
        self.extensions = extensions
        self.subject = subject
    }

    func check(_ constraints: inout Constraints, at path: String) {
        extensions?.check(&constraints, at: "\(path).extensions")
        subject?.check(&constraints, at: "\(path).subject")
    }
}

/// API reference, `Extensions`.
public struct ExtensionsShape: Sendable, Hashable, Codable {
    public var certificatePolicies: [PolicyInformation]?
    public var extendedKeyUsage: [ExtendedKeyUsageShape]?
    public var keyUsage: KeyUsageShape?
    public var subjectAlternativeNames: [GeneralNameShape]?
    public var customExtensions: [CustomExtension]?

    public init() {}

    func check(_ constraints: inout Constraints, at path: String) {
        constraints.each(certificatePolicies, "\(path).certificatePolicies", 1...20) {
            $1.check(&$0, at: $2)
        }
        constraints.each(extendedKeyUsage, "\(path).extendedKeyUsage", 1...20) { $1.check(&$0, at: $2) }
        constraints.each(subjectAlternativeNames, "\(path).subjectAlternativeNames", 1...150) {
            $1.check(&$0, at: $2)
        }
        constraints.each(customExtensions, "\(path).customExtensions", 1...150) { $1.check(&$0, at: $2) }
    }
}

/// API reference, `PolicyInformation`.
public struct PolicyInformation: Sendable, Hashable, Codable {
    public var certPolicyId: String
    public var policyQualifiers: [PolicyQualifierInfo]?

    public struct PolicyQualifierInfo: Sendable, Hashable, Codable {
        /// `CPS`
        public var policyQualifierId: String
        public var qualifier: Qualifier
    }

    public struct Qualifier: Sendable, Hashable, Codable {
        public var cpsUri: String
    }

    func check(_ constraints: inout Constraints, at path: String) {
        constraints.objectIdentifier(certPolicyId, "\(path).certPolicyId")
        constraints.each(policyQualifiers, "\(path).policyQualifiers", 1...20) { constraints, info, path in
            constraints.oneOf(info.policyQualifierId, "\(path).policyQualifierId", ["CPS"])
            constraints.length(info.qualifier.cpsUri, "\(path).qualifier.cpsUri", 0...256)
        }
    }
}

/// API reference, `ExtendedKeyUsage`: a type or an object identifier.
public struct ExtendedKeyUsageShape: Sendable, Hashable, Codable {
    public var extendedKeyUsageType: String?
    public var extendedKeyUsageObjectIdentifier: String?

    public init(type: String? = nil, objectIdentifier: String? = nil) {
        extendedKeyUsageType = type
        extendedKeyUsageObjectIdentifier = objectIdentifier
    }

    func check(_ constraints: inout Constraints, at path: String) {
        constraints.oneOf(
            extendedKeyUsageType, "\(path).extendedKeyUsageType",
            [
                "SERVER_AUTH", "CLIENT_AUTH", "CODE_SIGNING", "EMAIL_PROTECTION", "TIME_STAMPING",
                "OCSP_SIGNING", "SMART_CARD_LOGIN", "DOCUMENT_SIGNING", "CERTIFICATE_TRANSPARENCY",
            ])
        constraints.objectIdentifier(
            extendedKeyUsageObjectIdentifier, "\(path).extendedKeyUsageObjectIdentifier")
    }
}

/// API reference, `KeyUsage`. A missing member is false.
public struct KeyUsageShape: Sendable, Hashable, Codable {
    public var digitalSignature: Bool?
    public var nonRepudiation: Bool?
    public var keyEncipherment: Bool?
    public var dataEncipherment: Bool?
    public var keyAgreement: Bool?
    public var keyCertSign: Bool?
    public var cRLSign: Bool?
    public var encipherOnly: Bool?
    public var decipherOnly: Bool?

    public init() {}
}

/// API reference, `CustomExtension`.
public struct CustomExtension: Sendable, Hashable, Codable {
    public var objectIdentifier: String
    /// Base64 of the DER.
    public var value: String
    public var critical: Bool?

    public init(objectIdentifier: String, value: String, critical: Bool? = nil) {
        self.objectIdentifier = objectIdentifier
        self.value = value
        self.critical = critical
    }

    func check(_ constraints: inout Constraints, at path: String) {
        constraints.objectIdentifier(objectIdentifier, "\(path).objectIdentifier")
        constraints.length(value, "\(path).value", 1...4096)
        constraints.base64(value, "\(path).value")
    }
}

extension Constraints {
    /// Checks the length of a list, and each element with `check`.
    mutating func each<Element>(
        _ list: [Element]?, _ member: String, _ range: ClosedRange<Int>,
        check: (inout Constraints, Element, _ path: String) -> Void
    ) {
        guard let list else { return }
        count(list.count, member, range)
        for (index, element) in list.prefix(range.upperBound).enumerated() {
            check(&self, element, "\(member).\(index + 1).member")
        }
    }
}
