internal import Foundation
internal import GRDB
internal import PKIX
internal import Storage

extension CertificateAuthorityRecord {
    init(row: Row) throws {
        let id: String = row["id"]
        guard let kind = Kind(rawValue: row["kind"]), let status = Status(rawValue: row["status"]),
            let keyAlgorithm = KeyAlgorithm(rawValue: row["keyAlgorithm"]),
            let signingAlgorithm = SigningAlgorithm(rawValue: row["signingAlgorithm"]),
            let usageMode = UsageMode(rawValue: row["usageMode"]),
            let subject = try? JSONDecoder().decode(
                SubjectAttributes.self, from: Data((row["subject"] as String).utf8)),
            let chain = try? JSONDecoder().decode([Data].self, from: Data((row["chain"] as String).utf8)),
            let tags = try? JSONDecoder().decode(
                [String: String].self, from: Data((row["tags"] as String).utf8)),
            let permissions = try? JSONDecoder().decode(
                [PermissionRecord].self, from: Data((row["permissions"] as String).utf8)),
            let revocation = try? JSONDecoder().decode(
                RevocationConfiguration.self, from: Data((row["revocation"] as String).utf8))
        else { throw StorageError.corrupt("the certificate authority \(id)") }
        self.init(
            id: id, kind: kind, status: status,
            createdAt: Date(timeIntervalSince1970: row["createdAt"]),
            lastStateChangeAt: Date(timeIntervalSince1970: row["lastStateChangeAt"]),
            keyAlgorithm: keyAlgorithm, signingAlgorithm: signingAlgorithm, subject: subject,
            usageMode: usageMode, keyStorageSecurityStandard: row["keyStorageSecurityStandard"],
            keyIdentifier: Array(row["keyIdentifier"] as Data),
            subjectPublicKeyInfo: (row["subjectPublicKeyInfo"] as Data?).map { Array($0) },
            certificateSigningRequest: (row["certificateSigningRequest"] as Data?).map { Array($0) },
            certificate: (row["certificate"] as Data?).map { Array($0) }, chain: chain.map { Array($0) },
            tags: tags, policy: row["policy"], permissions: permissions, revocation: revocation,
            revision: row["revision"])
    }

    func subjectText() throws -> String {
        String(decoding: try JSONEncoder().encode(subject), as: UTF8.self)
    }

    func tagsText() throws -> String {
        String(decoding: try JSONEncoder().encode(tags), as: UTF8.self)
    }

    func permissionsText() throws -> String {
        String(decoding: try JSONEncoder().encode(permissions), as: UTF8.self)
    }

    func revocationText() throws -> String {
        String(decoding: try JSONEncoder().encode(revocation), as: UTF8.self)
    }

    /// A JSON array of base64.
    func chainText() throws -> String {
        String(decoding: try JSONEncoder().encode(chain.map { Data($0) }), as: UTF8.self)
    }
}

extension CertificateRecord {
    init(row: Row) {
        let status: Status =
            if let der = row["certificate"] as Data? {
                .issued(Array(der))
            } else if let reason = row["failure"] as String? {
                .failed(reason: reason)
            } else {
                .reserved
            }
        self.init(
            serialNumber: row["serialNumber"], certificateAuthority: row["certificateAuthority"],
            status: status,
            templateARN: row["templateARN"], requester: row["requester"],
            requestedAt: Date(timeIntervalSince1970: row["requestedAt"]),
            notAfter: Date(timeIntervalSince1970: row["notAfter"]),
            outcomeIndex: (row["outcomeIndex"] as Int64?).map { UInt64($0) },
            issuedAt: (row["issuedAt"] as TimeInterval?).map { Date(timeIntervalSince1970: $0) })
    }
}

extension LogKeyRecord {
    init(row: Row) {
        self.init(
            identifier: Array(row["identifier"] as Data),
            subjectPublicKeyInfo: Array(row["subjectPublicKeyInfo"] as Data))
    }
}

extension ApprovalRecord {
    init(row: Row) throws {
        let id: String = row["id"]
        guard let status = Status(rawValue: row["status"]),
            let approvals = try? JSONDecoder().decode(
                [Approval].self, from: Data((row["approvals"] as String).utf8))
        else { throw StorageError.corrupt("the approval \(id)") }
        self.init(
            id: id,
            operation: Operation(name: row["operation"], version: row["inputVersion"], input: row["input"]),
            resource: row["resource"], requester: row["requester"], peer: row["peer"],
            content: row["content"], digest: row["digest"], serialNumber: row["serialNumber"],
            needed: row["needed"], approvals: approvals, status: status, outcome: row["outcome"],
            createdAt: Date(timeIntervalSince1970: row["createdAt"]),
            expiresAt: Date(timeIntervalSince1970: row["expiresAt"]), revision: row["revision"])
    }

    func approvalsText() throws -> String {
        String(decoding: try JSONEncoder().encode(approvals), as: UTF8.self)
    }
}

extension IdempotencyClaim {
    init(row: Row) {
        self.init(
            key: row["key"], requestDigest: row["requestDigest"], answer: row["answer"],
            madeAt: Date(timeIntervalSince1970: row["madeAt"]),
            expiresAt: Date(timeIntervalSince1970: row["expiresAt"]))
    }
}

extension IntentRecord {
    init(row: Row) {
        self.init(
            id: row["id"], purpose: row["purpose"], digest: Array(row["digest"] as Data),
            keyIdentifier: Array(row["keyIdentifier"] as Data),
            certificateAuthority: row["certificateAuthority"], serialNumber: row["serialNumber"],
            requestID: row["requestID"],
            recordedAt: Date(timeIntervalSince1970: row["recordedAt"]),
            maximumSignatures: row["maximumSignatures"])
    }
}
