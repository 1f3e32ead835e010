public import Foundation
public import PKIX

/// The record of a certificate authority.
public struct CertificateAuthorityRecord: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable { case root = "ROOT", subordinate = "SUBORDINATE" }

    /// The stored part of the API's `Status`; EXPIRED follows from the certificate and is not stored.
    public enum Status: String, Sendable, Hashable {
        case creating = "CREATING"
        case pendingCertificate = "PENDING_CERTIFICATE"
        case active = "ACTIVE"
        case disabled = "DISABLED"
        case failed = "FAILED"
    }

    public enum UsageMode: String, Sendable, Hashable {
        case generalPurpose = "GENERAL_PURPOSE"
        case shortLivedCertificate = "SHORT_LIVED_CERTIFICATE"
    }

    /// The last part of its ARN: a lower-case UUID.
    public var id: String
    public var kind: Kind
    public var status: Status
    public var createdAt: Date
    public var lastStateChangeAt: Date
    public var keyAlgorithm: KeyAlgorithm
    /// The algorithm of the signature in its own CSR.
    public var signingAlgorithm: SigningAlgorithm
    public var subject: SubjectAttributes
    public var usageMode: UsageMode
    /// The API's name of the standard the token was declared to meet; nil when none was declared.
    public var keyStorageSecurityStandard: String?
    /// CKA_ID on the token.
    public var keyIdentifier: [UInt8]
    /// DER; nil until the key exists. Pinned: the token's key must always have it.
    public var subjectPublicKeyInfo: [UInt8]?
    /// DER; nil until it is signed.
    public var certificateSigningRequest: [UInt8]?
    /// DER; nil until one is imported.
    public var certificate: [UInt8]?
    /// DER, from the issuer's certificate up to the root's; empty for a root.
    public var chain: [[UInt8]]
    public var tags: [String: String]
    /// The text of its own policy (PutPolicy).
    public var policy: String?
    public var permissions: [PermissionRecord]
    public var revocation: RevocationConfiguration
    public var revision: Int64

    public init(
        id: String, kind: Kind, status: Status, createdAt: Date, lastStateChangeAt: Date,
        keyAlgorithm: KeyAlgorithm, signingAlgorithm: SigningAlgorithm, subject: SubjectAttributes,
        usageMode: UsageMode, keyStorageSecurityStandard: String?, keyIdentifier: [UInt8],
        subjectPublicKeyInfo: [UInt8]? = nil, certificateSigningRequest: [UInt8]? = nil,
        certificate: [UInt8]? = nil, chain: [[UInt8]] = [], tags: [String: String] = [:],
        policy: String? = nil, permissions: [PermissionRecord] = [],
        revocation: RevocationConfiguration = RevocationConfiguration(), revision: Int64 = 0
    ) {
        self.id = id
        self.kind = kind
        self.status = status
        self.createdAt = createdAt
        self.lastStateChangeAt = lastStateChangeAt
        self.keyAlgorithm = keyAlgorithm
        self.signingAlgorithm = signingAlgorithm
        self.subject = subject
        self.usageMode = usageMode
        self.keyStorageSecurityStandard = keyStorageSecurityStandard
        self.keyIdentifier = keyIdentifier
        self.subjectPublicKeyInfo = subjectPublicKeyInfo
        self.certificateSigningRequest = certificateSigningRequest
        self.certificate = certificate
        self.chain = chain
        self.tags = tags
        self.policy = policy
        self.permissions = permissions
        self.revocation = revocation
        self.revision = revision
    }
}

/// The permission of a service on an authority (CreatePermission).
public struct PermissionRecord: Sendable, Hashable, Codable {
    /// Such as `acm.amazonaws.com`.
    public var principal: String
    public var sourceAccount: String
    /// The API's names of operations.
    public var actions: [String]
    public var createdAt: Date

    public init(principal: String, sourceAccount: String, actions: [String], createdAt: Date) {
        self.principal = principal
        self.sourceAccount = sourceAccount
        self.actions = actions
        self.createdAt = createdAt
    }
}

/// The record of a certificate, which exists from the reservation of its serial number on.
public struct CertificateRecord: Sendable, Hashable {
    public enum Status: Sendable, Hashable {
        /// Its serial number is reserved. The signature is in progress, or a crash interrupted it.
        case reserved
        /// DER of the certificate.
        case issued([UInt8])
        /// It was not signed, or not released.
        case failed(reason: String)
    }

    /// 32 lower-case hexadecimal digits, unique in the store.
    public var serialNumber: String
    /// The id of the certificate authority that issued it.
    public var certificateAuthority: String
    public var status: Status
    public var templateARN: String
    /// The ARN of the principal that asked for it.
    public var requester: String
    public var requestedAt: Date
    public var notAfter: Date
    /// The index of its outcome in the log; nil until there is one.
    public var outcomeIndex: UInt64?
    /// When it was signed; nil if it was not.
    public var issuedAt: Date?

    public init(
        serialNumber: String, certificateAuthority: String, status: Status, templateARN: String,
        requester: String, requestedAt: Date, notAfter: Date, outcomeIndex: UInt64? = nil,
        issuedAt: Date? = nil
    ) {
        self.outcomeIndex = outcomeIndex
        self.issuedAt = issuedAt
        self.serialNumber = serialNumber
        self.certificateAuthority = certificateAuthority
        self.status = status
        self.templateARN = templateARN
        self.requester = requester
        self.requestedAt = requestedAt
        self.notAfter = notAfter
    }
}

/// The key that signs the log's checkpoints.
public struct LogKeyRecord: Sendable, Hashable {
    /// CKA_ID on the token.
    public var identifier: [UInt8]
    /// DER. Pinned.
    public var subjectPublicKeyInfo: [UInt8]

    public init(identifier: [UInt8], subjectPublicKeyInfo: [UInt8]) {
        self.identifier = identifier
        self.subjectPublicKeyInfo = subjectPublicKeyInfo
    }
}

/// An intent without an outcome.
public struct IntentRecord: Sendable, Hashable {
    public var id: String
    /// The kind of the signed object, by its name in events.
    public var purpose: String
    /// SHA-256 of the exact octets that are signed.
    public var digest: [UInt8]
    /// CKA_ID of the key that signs.
    public var keyIdentifier: [UInt8]
    /// An ARN.
    public var certificateAuthority: String
    /// Hexadecimal; nil for an object without one.
    public var serialNumber: String?
    public var requestID: String
    public var recordedAt: Date
    /// How many signatures it permits; nil for one.
    public var maximumSignatures: Int?

    public init(
        id: String, purpose: String, digest: [UInt8], keyIdentifier: [UInt8], certificateAuthority: String,
        serialNumber: String?, requestID: String, recordedAt: Date, maximumSignatures: Int? = nil
    ) {
        self.id = id
        self.purpose = purpose
        self.digest = digest
        self.keyIdentifier = keyIdentifier
        self.certificateAuthority = certificateAuthority
        self.serialNumber = serialNumber
        self.requestID = requestID
        self.recordedAt = recordedAt
        self.maximumSignatures = maximumSignatures
    }
}

/// A claim of an `IdempotencyToken`: a repeated request gets the first one's answer.
public struct IdempotencyClaim: Sendable, Hashable {
    /// The operation, the principal and the token, joined.
    public var key: String
    /// SHA-256 of the request without the token, in hexadecimal.
    public var requestDigest: String
    /// The ARN in the answer to a repetition.
    public var answer: String
    public var madeAt: Date
    public var expiresAt: Date

    public init(key: String, requestDigest: String, answer: String, madeAt: Date, expiresAt: Date) {
        self.key = key
        self.requestDigest = requestDigest
        self.answer = answer
        self.madeAt = madeAt
        self.expiresAt = expiresAt
    }
}
