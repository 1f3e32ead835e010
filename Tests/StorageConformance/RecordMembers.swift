internal import Audit
internal import Authorization
internal import Foundation
internal import PKIX
internal import Storage

/// The members of the records, each with a value that differs from the baseline.
extension StorageConformance {
    static let authorityMembers: [RecordMember<CertificateAuthorityRecord>] = [
        .init("kind", \.kind, .root),
        .init("status", \.status, .failed),
        .init("createdAt", \.createdAt, Date(timeIntervalSince1970: 1_600_000_000.5)),
        .init("lastStateChangeAt", \.lastStateChangeAt, Date(timeIntervalSince1970: 1_800_000_000.25)),
        .init("keyAlgorithm", \.keyAlgorithm, .rsa4096),
        .init("signingAlgorithm", \.signingAlgorithm, .sha512WithRSA),
        .init("subject", \.subject, SubjectAttributes()),
        .init("usageMode", \.usageMode, .generalPurpose),
        .init("keyStorageSecurityStandard", \.keyStorageSecurityStandard, nil),
        .init("keyIdentifier", \.keyIdentifier, [0, 255]),
        .init("subjectPublicKeyInfo", \.subjectPublicKeyInfo, [1, 0]),
        .init("certificateSigningRequest", \.certificateSigningRequest, [2, 0]),
        .init("certificate", \.certificate, [3, 0]),
        .init("chain", \.chain, [[4], [], [5, 255]]),
        .init("tags", \.tags, ["team": "ü", "empty": ""]),
        .init("policy", \.policy, #"{"Statement": []}"#),
        .init(
            "permissions", \.permissions,
            [
                PermissionRecord(
                    principal: "p", sourceAccount: "0", actions: ["A"],
                    createdAt: Date(timeIntervalSince1970: 1.5))
            ]),
        .init(
            "revocation", \.revocation,
            RevocationConfiguration(certificateLists: .init(expirationInDays: 7))),
    ]

    static let configurationMembers: [RecordMember<RevocationConfiguration>] = [
        .init(
            "certificateLists", \.certificateLists,
            .init(
                expirationInDays: 7, customCname: "crl.example.test", customPath: "a/b", bucket: "b",
                objectACL: "PUBLIC_READ", omitsExtension: true, isPartitioned: true)),
        .init(
            "partitions", \.partitions, .init(count: 32, urls: ["http://a.example.test/crl/b"])),
        .init("status", \.status, .init(customCname: "ocsp.example.test")),
    ]

    static let importedMembers: [RecordMember<ImportedCertificateRecord>] = [
        .init("certificateAuthority", \.certificateAuthority, "b"),
        .init("serialNumber", \.serialNumber, [UInt8](repeating: 0xAB, count: 20)),
        .init("certificate", \.certificate, [0x30, 0, 255]), .init("requester", \.requester, "q"),
        .init("importedAt", \.importedAt, Date(timeIntervalSince1970: 5.25)),
        .init("notAfter", \.notAfter, Date(timeIntervalSince1970: 4_100_000_000)),
    ]

    static let importedListMembers: [RecordMember<ImportedListRecord>] = [
        .init("id", \.id, "b"), .init("issuer", \.issuer, "CN=ü"), .init("number", \.number, [1, 0]),
        .init("thisUpdate", \.thisUpdate, Date(timeIntervalSince1970: 7)),
        .init("nextUpdate", \.nextUpdate, Date(timeIntervalSince1970: 8)),
        .init("digest", \.digest, [0, 9]),
    ]

    static let responderMembers: [RecordMember<ResponderRecord>] = [
        .init("certificateAuthority", \.certificateAuthority, "b"),
        .init("keyAlgorithm", \.keyAlgorithm, .rsa3072), .init("keyIdentifier", \.keyIdentifier, [0, 7]),
        .init("keyStorageSecurityStandard", \.keyStorageSecurityStandard, nil),
        .init("subjectPublicKeyInfo", \.subjectPublicKeyInfo, [1, 2, 0]),
        .init("certificate", \.certificate, nil),
    ]

    static let revocationMembers: [RecordMember<RevocationRecord>] = [
        .init("certificateAuthority", \.certificateAuthority, "b"),
        .init("serialNumber", \.serialNumber, [0xAB, 0]),
        .init("revokedAt", \.revokedAt, Date(timeIntervalSince1970: 1_700_000_001)),
        .init("reason", \.reason, .aACompromise),
        .init("notAfter", \.notAfter, Date(timeIntervalSince1970: 4_100_000_000)),
    ]

    static let listMembers: [RecordMember<CertificateListRecord>] = [
        .init("certificateAuthority", \.certificateAuthority, "b"),
        .init(
            "partition", \.partition,
            .init(index: 7, urls: ["http://a.example.test/crl/b/7.crl", "http://c.example.test/7.crl"])),
        .init("number", \.number, 1 << 41),
        .init("thisUpdate", \.thisUpdate, Date(timeIntervalSince1970: 5)),
        .init("nextUpdate", \.nextUpdate, Date(timeIntervalSince1970: 99)),
        .init("entries", \.entries, 1_000_000), .init("lastRevocation", \.lastRevocation, 77),
        .init("digest", \.digest, [0, 255]),
    ]

    static let permissionMembers: [RecordMember<PermissionRecord>] = [
        .init("principal", \.principal, "q"), .init("sourceAccount", \.sourceAccount, "1"),
        .init("actions", \.actions, ["B", "C"]),
        .init("createdAt", \.createdAt, Date(timeIntervalSince1970: 9.125)),
    ]

    static let subjectMembers: [RecordMember<SubjectAttributes>] = [
        .init("country", \.country, "SE"), .init("organization", \.organization, "o"),
        .init("organizationalUnit", \.organizationalUnit, "ou"),
        .init("distinguishedNameQualifier", \.distinguishedNameQualifier, "q"),
        .init("state", \.state, "st"), .init("commonName", \.commonName, "cn ü"),
        .init("serialNumber", \.serialNumber, "sn"), .init("locality", \.locality, "l"),
        .init("title", \.title, "t"), .init("surname", \.surname, "s"), .init("givenName", \.givenName, "g"),
        .init("initials", \.initials, "i"), .init("pseudonym", \.pseudonym, "p"),
        .init("generationQualifier", \.generationQualifier, "III"),
        .init("customAttributes", \.customAttributes, [.init(objectIdentifier: "1.2.3", value: "v")]),
    ]

    static let approvalMembers: [RecordMember<ApprovalRecord>] = [
        .init(
            "operation", \.operation,
            ApprovalRecord.Operation(name: "P", version: 2, input: Data([9, 0, 255]))),
        .init("resource", \.resource, "arn"), .init("requester", \.requester, "s"),
        .init("peer", \.peer, Data("[]".utf8)), .init("content", \.content, Data([5])),
        .init("digest", \.digest, "e"), .init("serialNumber", \.serialNumber, "5e"),
        .init("needed", \.needed, 3),
        .init(
            "approvals", \.approvals,
            [.init(principal: "o", uid: 7, peer: Data([1]), time: Date(timeIntervalSince1970: 8.5))]),
        .init("status", \.status, .rejected), .init("outcome", \.outcome, "no"),
        .init("createdAt", \.createdAt, Date(timeIntervalSince1970: 6.5)),
        .init("expiresAt", \.expiresAt, Date(timeIntervalSince1970: 99.75)),
    ]

    static let wordMembers: [RecordMember<ApprovalRecord.Approval>] = [
        .init("principal", \.principal, "other"), .init("uid", \.uid, 4_294_967_294),
        .init("peer", \.peer, Data([2, 0])), .init("time", \.time, Date(timeIntervalSince1970: 10.125)),
    ]

    static let certificateMembers: [RecordMember<CertificateRecord>] = [
        .init("serialNumber", \.serialNumber, "aa"),
        .init("certificateAuthority", \.certificateAuthority, "b"),
        .init("templateARN", \.templateARN, "u"), .init("requester", \.requester, "s"),
        .init("requestedAt", \.requestedAt, Date(timeIntervalSince1970: 6.5)),
        .init("notAfter", \.notAfter, Date(timeIntervalSince1970: 10)),
    ]

    static let reportMembers: [RecordMember<AuditReportRecord>] = [
        .init("id", \.id, "s"), .init("certificateAuthority", \.certificateAuthority, "b"),
        .init("bucket", \.bucket, "other"), .init("key", \.key, "k/ü"), .init("status", \.status, .failed),
        .init("createdAt", \.createdAt, Date(timeIntervalSince1970: 6.5)),
    ]

    static let claimMembers: [RecordMember<IdempotencyClaim>] = [
        .init("key", \.key, "l"), .init("requestDigest", \.requestDigest, "e"),
        .init("answer", \.answer, "other"),
        .init("madeAt", \.madeAt, Date(timeIntervalSince1970: 1000.5)),
        .init("expiresAt", \.expiresAt, Date(timeIntervalSince1970: 2000)),
    ]

    static let intentMembers: [RecordMember<IntentRecord>] = [
        .init("id", \.id, "other"), .init("purpose", \.purpose, "CertificationRequest"),
        .init("digest", \.digest, [0, 255]), .init("keyIdentifier", \.keyIdentifier, [255, 0]),
        .init(
            "certificateAuthority", \.certificateAuthority, "arn:aws:acm-pca:s:1:certificate-authority/b"),
        .init("serialNumber", \.serialNumber, nil), .init("requestID", \.requestID, "two"),
        .init("recordedAt", \.recordedAt, Date(timeIntervalSince1970: 4.25)),
        .init("maximumSignatures", \.maximumSignatures, 100_000),
    ]
}
