public import Audit
internal import Authorization
public import Foundation
internal import JSON
internal import PKIX
public import Storage
internal import TransparencyLog

/// The behavior of every store. The tests of a back end call each check with a fresh, empty store.
public struct StorageConformance {
    /// A failed check.
    public struct Violation: Error, CustomStringConvertible {
        public let description: String
    }

    public struct Check: Sendable {
        public let name: String
        public let run: @Sendable (any Store) async throws -> Void
    }

    static func require(_ condition: Bool, _ what: String) throws {
        if !condition { throw Violation(description: what) }
    }

    /// Commits changes that must be refused, and returns the error.
    static func refusal(_ store: any Store, _ changes: [Change]) async throws -> StorageError {
        do { try await store.commit(changes) } catch { return error }
        throw Violation(description: "a commit that must be refused was made")
    }

    public static func authority(_ id: String, revision: Int64 = 0) -> CertificateAuthorityRecord {
        var subject = SubjectAttributes()
        subject.commonName = "Name of \(id)"
        subject.customAttributes = [.init(objectIdentifier: "2.5.4.3", value: "ü")]
        return CertificateAuthorityRecord(
            id: id, kind: .subordinate, status: .creating,
            createdAt: Date(timeIntervalSince1970: 1_700_000_000.125),
            lastStateChangeAt: Date(timeIntervalSince1970: 1_700_000_001), keyAlgorithm: .ecSecp384r1,
            signingAlgorithm: .sha384WithECDSA, subject: subject, usageMode: .shortLivedCertificate,
            keyStorageSecurityStandard: "FIPS_140_2_LEVEL_3_OR_HIGHER", keyIdentifier: Array(id.utf8),
            revision: revision)
    }

    public static func certificate(_ serialNumber: String, of authority: String) -> CertificateRecord {
        CertificateRecord(
            serialNumber: serialNumber, certificateAuthority: authority, status: .reserved, templateARN: "t",
            requester: "r", requestedAt: Date(timeIntervalSince1970: 5),
            notAfter: Date(timeIntervalSince1970: 9))
    }

    public static func revocation(_ serialNumber: [UInt8], of authority: String) -> RevocationRecord {
        RevocationRecord(
            certificateAuthority: authority, serialNumber: serialNumber,
            revokedAt: Date(timeIntervalSince1970: 1_700_000_000), reason: .keyCompromise,
            notAfter: Date(timeIntervalSince1970: 1_800_000_000))
    }

    public static let later = Date(timeIntervalSince1970: 1_700_000_003.25)

    public static func intent(_ request: String) -> IntentRecord {
        IntentRecord(
            id: "intent of \(request)", purpose: "Certificate", digest: [1], keyIdentifier: [2],
            certificateAuthority: "arn:aws:acm-pca:r:0:certificate-authority/a", serialNumber: "aa",
            requestID: request, recordedAt: Date(timeIntervalSince1970: 3))
    }

    /// - Parameter note: distinguishes events with the same name
    public static func event(
        _ event: ServiceEvent = .daemonStarted, note: String? = nil, at time: Date = later
    ) -> AuditEvent {
        .service(
            event, scope: AuditScope(account: "0", region: "r"), time: time,
            details: note.map { ["note": .string($0)] } ?? [:])
    }

    static func claim(_ key: String, digest: String = "d", expiresIn seconds: TimeInterval = 300)
        -> IdempotencyClaim
    {
        let now = Date(timeIntervalSince1970: 1000)
        return IdempotencyClaim(
            key: key, requestDigest: digest, answer: "answer", madeAt: now,
            expiresAt: now.addingTimeInterval(seconds))
    }

    public static let room = ApprovalLimits(count: 100, octets: 1_000_000)

    public static func approval(_ id: String, serialNumber: String? = nil) -> ApprovalRecord {
        ApprovalRecord(
            id: id, operation: .init(name: "O", input: Data([0, 255])), resource: "*", requester: "r",
            peer: Data("{}".utf8), content: Data([1, 0]), digest: "d", serialNumber: serialNumber, needed: 2,
            createdAt: Date(timeIntervalSince1970: 7.25), expiresAt: Date(timeIntervalSince1970: 9))
    }

    public static let checks: [Check] =
        memberChecks + approvalChecks + logChecks + authorityChecks + certificateChecks + commitChecks
        + revocationChecks
}

extension StorageConformance.Check: CustomStringConvertible {
    public var description: String { name }
}
