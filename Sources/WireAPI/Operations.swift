public import JSON

/// An operation of the API: its name, its input and its output.
public protocol WireOperation: SendableMetatype {
    associatedtype Input: Codable & Sendable & Constrained
    associatedtype Output: Codable & Sendable
    /// The part of `X-Amz-Target` after the service's prefix.
    static var name: String { get }
    /// The service of the operation.
    static var service: WireService { get }
    /// The action that policies must allow.
    static var action: String { get }
}

extension WireOperation {
    public static var service: WireService { .acmPCA }
    public static var action: String { "\(service.actionPrefix):\(name)" }
    /// AWS's operations ignore unknown members as AWS does, except one that differs from a known member only
    /// in case. Signet's own operations refuse all, because only Signet's clients call them.
    public static var unknownMembers: UnknownMembers {
        service == .signet ? .refused : .refusedCaseVariants
    }
    /// The value of `X-Amz-Target`.
    public static var target: String { "\(service.rawValue).\(name)" }
}

/// The name of a service in `X-Amz-Target`.
public enum WireService: String, Sendable, CaseIterable {
    case acmPCA = "ACMPrivateCA"
    /// Signet's own operations.
    case signet = "Signet"

    /// The prefix of its actions in policies.
    public var actionPrefix: String {
        switch self {
        case .acmPCA: "acm-pca"
        case .signet: "signet"
        }
    }
}

/// The output of operations that return nothing.
public struct EmptyOutput: Codable, Sendable {
    public init() {}
}

public enum CreateCertificateAuthorityOperation: WireOperation {
    public static let name = "CreateCertificateAuthority"

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityConfiguration: CertificateAuthorityConfiguration
        public var certificateAuthorityType: String
        public var revocationConfiguration: RevocationConfigurationShape?
        public var idempotencyToken: String?
        public var keyStorageSecurityStandard: String?
        public var tags: [TagShape]?
        public var usageMode: String?

        public init(
            certificateAuthorityConfiguration: CertificateAuthorityConfiguration,
            certificateAuthorityType: String
        ) {
            self.certificateAuthorityConfiguration = certificateAuthorityConfiguration
            self.certificateAuthorityType = certificateAuthorityType
        }

        public func check(_ constraints: inout Constraints) {
            let path = "certificateAuthorityConfiguration"
            constraints.oneOf(
                certificateAuthorityConfiguration.keyAlgorithm, "\(path).keyAlgorithm",
                [
                    "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1",
                    "ML_DSA_44",
                    "ML_DSA_65", "ML_DSA_87", "SM2",
                ])
            constraints.signingAlgorithm(
                certificateAuthorityConfiguration.signingAlgorithm, "\(path).signingAlgorithm")
            certificateAuthorityConfiguration.subject.check(&constraints, at: "\(path).subject")
            certificateAuthorityConfiguration.csrExtensions?.check(&constraints, at: "\(path).csrExtensions")
            constraints.oneOf(certificateAuthorityType, "certificateAuthorityType", ["ROOT", "SUBORDINATE"])
            constraints.idempotencyToken(idempotencyToken)
            constraints.oneOf(
                keyStorageSecurityStandard, "keyStorageSecurityStandard",
                ["FIPS_140_2_LEVEL_2_OR_HIGHER", "FIPS_140_2_LEVEL_3_OR_HIGHER", "CCPC_LEVEL_1_OR_HIGHER"])
            constraints.tags(tags)
            revocationConfiguration?.check(&constraints)
            constraints.oneOf(usageMode, "usageMode", ["GENERAL_PURPOSE", "SHORT_LIVED_CERTIFICATE"])
        }
    }

    public struct Output: Codable, Sendable {
        public var certificateAuthorityArn: String

        public init(certificateAuthorityArn: String) {
            self.certificateAuthorityArn = certificateAuthorityArn
        }
    }
}

/// The input of operations that need only the ARN of a certificate authority.
public struct CertificateAuthorityArnInput: Codable, Sendable, Constrained {
    public var certificateAuthorityArn: String

    public init(certificateAuthorityArn: String) { self.certificateAuthorityArn = certificateAuthorityArn }

    public func check(_ constraints: inout Constraints) {
        constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
    }
}

public enum DescribeCertificateAuthorityOperation: WireOperation {
    public static let name = "DescribeCertificateAuthority"
    public typealias Input = CertificateAuthorityArnInput

    public struct Output: Codable, Sendable {
        public var certificateAuthority: CertificateAuthority

        public init(certificateAuthority: CertificateAuthority) {
            self.certificateAuthority = certificateAuthority
        }
    }
}

public enum ListCertificateAuthoritiesOperation: WireOperation {
    public static let name = "ListCertificateAuthorities"

    public struct Input: Codable, Sendable, Constrained {
        public var maxResults: Int?
        public var nextToken: String?
        public var resourceOwner: String?

        public init(maxResults: Int? = nil, nextToken: String? = nil, resourceOwner: String? = nil) {
            self.maxResults = maxResults
            self.nextToken = nextToken
            self.resourceOwner = resourceOwner
        }

        public func check(_ constraints: inout Constraints) {
            constraints.range(maxResults, "maxResults", 1...1000)
            constraints.length(nextToken, "nextToken", 1...43_739)
            constraints.oneOf(resourceOwner, "resourceOwner", ["SELF", "OTHER_ACCOUNTS"])
        }
    }

    public struct Output: Codable, Sendable {
        public var certificateAuthorities: [CertificateAuthority]
        public var nextToken: String?

        public init(certificateAuthorities: [CertificateAuthority], nextToken: String?) {
            self.certificateAuthorities = certificateAuthorities
            self.nextToken = nextToken
        }
    }
}

public enum GetCertificateAuthorityCsrOperation: WireOperation {
    public static let name = "GetCertificateAuthorityCsr"
    public typealias Input = CertificateAuthorityArnInput

    public struct Output: Codable, Sendable {
        public var csr: String

        public init(csr: String) { self.csr = csr }
    }
}

/// A certificate and its chain, as PEM text.
public struct CertificateOutput: Codable, Sendable {
    public var certificate: String
    public var certificateChain: String?

    public init(certificate: String, certificateChain: String?) {
        self.certificate = certificate
        self.certificateChain = certificateChain
    }
}

public enum GetCertificateAuthorityCertificateOperation: WireOperation {
    public static let name = "GetCertificateAuthorityCertificate"
    public typealias Input = CertificateAuthorityArnInput
    public typealias Output = CertificateOutput
}

public enum ImportCertificateAuthorityCertificateOperation: WireOperation {
    public static let name = "ImportCertificateAuthorityCertificate"
    public typealias Output = EmptyOutput

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityArn: String
        public var certificate: Blob
        public var certificateChain: Blob?

        public init(certificateAuthorityArn: String, certificate: Blob, certificateChain: Blob?) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.certificate = certificate
            self.certificateChain = certificateChain
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.length(certificate, "certificate", 1...32_768)
            constraints.length(certificateChain, "certificateChain", 0...2_097_152)
        }
    }
}

public enum GetCertificateOperation: WireOperation {
    public static let name = "GetCertificate"
    public typealias Output = CertificateOutput

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityArn: String
        public var certificateArn: String

        public init(certificateAuthorityArn: String, certificateArn: String) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.certificateArn = certificateArn
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.arn(certificateArn, "certificateArn")
        }
    }
}
