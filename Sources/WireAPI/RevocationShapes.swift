/// API reference, `RevocationConfiguration`.
public struct RevocationConfigurationShape: Sendable, Hashable, Codable {
    public var crlConfiguration: CrlConfiguration?
    public var ocspConfiguration: OcspConfiguration?

    public init(crlConfiguration: CrlConfiguration? = nil, ocspConfiguration: OcspConfiguration? = nil) {
        self.crlConfiguration = crlConfiguration
        self.ocspConfiguration = ocspConfiguration
    }

    func check(_ constraints: inout Constraints) {
        crlConfiguration?.check(&constraints, at: "revocationConfiguration.crlConfiguration")
        constraints.length(
            ocspConfiguration?.ocspCustomCname,
            "revocationConfiguration.ocspConfiguration.ocspCustomCname", 0...253)
    }
}

/// API reference, `CrlConfiguration`.
public struct CrlConfiguration: Sendable, Hashable, Codable {
    public var enabled: Bool
    public var expirationInDays: Int?
    public var customCname: String?
    public var s3BucketName: String?
    public var s3ObjectAcl: String?
    public var crlDistributionPointExtensionConfiguration: DistributionPointExtension?
    public var crlType: String?
    public var customPath: String?

    /// API reference, `CrlDistributionPointExtensionConfiguration`.
    public struct DistributionPointExtension: Sendable, Hashable, Codable {
        public var omitExtension: Bool

        public init(omitExtension: Bool) { self.omitExtension = omitExtension }
    }

    public init(
        enabled: Bool, expirationInDays: Int? = nil, customCname: String? = nil, s3BucketName: String? = nil,
        s3ObjectAcl: String? = nil, omitExtension: Bool? = nil, crlType: String? = nil,
        customPath: String? = nil
    ) {
        self.enabled = enabled
        self.expirationInDays = expirationInDays
        self.customCname = customCname
        self.s3BucketName = s3BucketName
        self.s3ObjectAcl = s3ObjectAcl
        crlDistributionPointExtensionConfiguration = omitExtension.map(
            DistributionPointExtension.init(omitExtension:))
        self.crlType = crlType
        self.customPath = customPath
    }

    /// Whether it has a member besides `Enabled`.
    public var hasMore: Bool { self != CrlConfiguration(enabled: enabled) }

    func check(_ constraints: inout Constraints, at path: String) {
        constraints.range(expirationInDays, "\(path).expirationInDays", 1...5000)
        constraints.length(customCname, "\(path).customCname", 0...253)
        constraints.length(s3BucketName, "\(path).s3BucketName", 3...255)
        constraints.oneOf(
            s3ObjectAcl, "\(path).s3ObjectAcl", ["PUBLIC_READ", "BUCKET_OWNER_FULL_CONTROL"])
        constraints.oneOf(crlType, "\(path).crlType", ["COMPLETE", "PARTITIONED"])
        constraints.length(customPath, "\(path).customPath", 0...253)
    }
}

/// API reference, `OcspConfiguration`.
public struct OcspConfiguration: Sendable, Hashable, Codable {
    public var enabled: Bool
    public var ocspCustomCname: String?

    public init(enabled: Bool, ocspCustomCname: String? = nil) {
        self.enabled = enabled
        self.ocspCustomCname = ocspCustomCname
    }
}

public enum UpdateCertificateAuthorityOperation: WireOperation {
    public static let name = "UpdateCertificateAuthority"
    public typealias Output = EmptyOutput

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityArn: String
        public var revocationConfiguration: RevocationConfigurationShape?
        public var status: String?

        public init(
            certificateAuthorityArn: String, revocationConfiguration: RevocationConfigurationShape? = nil,
            status: String? = nil
        ) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.revocationConfiguration = revocationConfiguration
            self.status = status
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            revocationConfiguration?.check(&constraints)
            constraints.oneOf(
                status, "status",
                [
                    "CREATING", "PENDING_CERTIFICATE", "ACTIVE", "DELETED", "DISABLED", "EXPIRED", "FAILED",
                ])
        }
    }
}

public enum RevokeCertificateOperation: WireOperation {
    public static let name = "RevokeCertificate"
    public typealias Output = EmptyOutput

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityArn: String
        /// Hexadecimal, compared as a number.
        public var certificateSerial: String
        public var revocationReason: String

        /// API reference, `RevocationReason`.
        static let reasons = [
            "UNSPECIFIED", "KEY_COMPROMISE", "CERTIFICATE_AUTHORITY_COMPROMISE", "AFFILIATION_CHANGED",
            "SUPERSEDED", "CESSATION_OF_OPERATION", "PRIVILEGE_WITHDRAWN", "A_A_COMPROMISE",
        ]

        public init(certificateAuthorityArn: String, certificateSerial: String, revocationReason: String) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.certificateSerial = certificateSerial
            self.revocationReason = revocationReason
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.length(certificateSerial, "certificateSerial", 0...128)
            constraints.oneOf(
                revocationReason, "revocationReason", Self.reasons)
        }
    }
}
