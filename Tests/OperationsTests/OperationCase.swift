import Foundation
import Testing

/// An operation with an input that succeeds in a ``Scenario``.
struct OperationCase: Sendable, CustomTestStringConvertible {
    let operation: String
    var input = "{}"
    /// Whether it changes the store.
    var changes = false
    /// The events that it adds before its own event.
    var before: [String] = []
    /// Seconds between the start of the scenario and the call.
    var later: TimeInterval = 0
    /// Whether a success is counted, and is not an event.
    var isCounted = false
    /// Whether a policy must allow it.
    var needsPermission = true

    var testDescription: String { operation }
    var name: String { operation.replacing("ACMPrivateCA.", with: "").replacing("Signet.", with: "") }

    /// The action that a policy must allow.
    var action: String {
        let service = operation.hasPrefix("Signet.") ? "signet" : "acm-pca"
        switch name {
        case "IssueConstrainedCertificate": return "acm-pca:IssueCertificate"
        case "DescribeRevocation": return "acm-pca:DescribeCertificateAuthority"
        default: return "\(service):\(name)"
        }
    }
    /// The resource of the call.
    var resource: String {
        for name in ["$second", "$below"] where input.contains("\"\(name)\"") { return name }
        return input.contains("$root") || input.contains("$statusRequest") || input.contains("$approval")
            ? "$root" : "*"
    }

    private static func aws(
        _ name: String, _ input: String = "{}", changes: Bool = false, before: [String] = [],
        later: TimeInterval = 0
    ) -> OperationCase {
        OperationCase(
            operation: "ACMPrivateCA." + name, input: input, changes: changes, before: before, later: later)
    }

    private static func signet(
        _ name: String, _ input: String = "{}", changes: Bool = false, before: [String] = []
    ) -> OperationCase {
        OperationCase(operation: "Signet." + name, input: input, changes: changes, before: before)
    }

    private static let root = #"{"CertificateAuthorityArn": "$root"}"#
    private static let leaf = #"{"CertificateAuthorityArn": "$root", "CertificateArn": "$leaf"}"#
    private static let signed = ["SignatureIntent", "SignatureOutcome"]

    /// The operations that policies decide about.
    static var permitted: [OperationCase] { all.filter(\.needsPermission) }

    static let all: [OperationCase] = [
        aws(
            "CreateCertificateAuthority",
            """
            {"CertificateAuthorityType": "ROOT", "CertificateAuthorityConfiguration": {
                "KeyAlgorithm": "EC_prime256v1", "SigningAlgorithm": "SHA256WITHECDSA", "Subject": {"CommonName": "c"}}}
            """, changes: true, before: ["GenerateKeyPair"] + signed),
        aws("DescribeCertificateAuthority", root), aws("ListCertificateAuthorities"),
        aws("GetCertificateAuthorityCsr", root), aws("GetCertificateAuthorityCertificate", root),
        aws(
            "ImportCertificateAuthorityCertificate",
            #"{"CertificateAuthorityArn": "$second", "Certificate": "$secondCertificate"}"#, changes: true),
        aws(
            "IssueCertificate", Scenario.issue, changes: true,
            before: ["SignatureIntent", "IssueCertificateDetails"]),
        aws("GetCertificate", leaf),
        aws("PutPolicy", Scenario.putPolicy, changes: true),
        aws("GetPolicy", #"{"ResourceArn": "$root"}"#),
        aws("DeletePolicy", #"{"ResourceArn": "$root"}"#, changes: true),
        aws(
            "CreatePermission", Scenario.createPermission.replacing("$root", with: "$second"), changes: true),
        aws(
            "DeletePermission", #"{"CertificateAuthorityArn": "$root", "Principal": "acm.amazonaws.com"}"#,
            changes: true),
        aws("ListPermissions", root),
        aws(
            "TagCertificateAuthority",
            #"{"CertificateAuthorityArn": "$root", "Tags": [{"Key": "stage", "Value": "x"}]}"#, changes: true),
        aws(
            "UntagCertificateAuthority",
            #"{"CertificateAuthorityArn": "$root", "Tags": [{"Key": "team"}]}"#, changes: true),
        aws("ListTags", root),
        aws("CreateCertificateAuthorityAuditReport", Scenario.report, changes: true, later: 3600),
        aws(
            "DescribeCertificateAuthorityAuditReport",
            #"{"CertificateAuthorityArn": "$root", "AuditReportId": "$report"}"#),
        signet(
            "IssueConstrainedCertificate",
            #"{"Request": \#(Scenario.issue.replacing("EndEntityCertificate", with: "SubordinateCACertificate_PathLen0")), "#
                + #""NameConstraints": {"Permitted": {"DnsNames": ["example.test"]}}}"#, changes: true,
            before: ["SignatureIntent", "IssueCertificateDetails"]),
        aws(
            "RevokeCertificate",
            #"{"CertificateAuthorityArn": "$root", "CertificateSerial": "$serial", "RevocationReason": "KEY_COMPROMISE"}"#,
            changes: true),
        aws(
            "UpdateCertificateAuthority", #"{"CertificateAuthorityArn": "$root", "Status": "DISABLED"}"#,
            changes: true),
        signet("GetCertificateRevocationList", root), signet("DescribeRevocation", root),
        signet(
            "ImportIssuedCertificate",
            #"{"CertificateAuthorityArn": "$root", "Certificate": "$elsewhere"}"#, changes: true),
        signet(
            "ImportCertificateRevocationList",
            #"{"CertificateAuthorityArn": "$below", "CertificateRevocationList": "$rootList"}"#,
            changes: true),
        signet(
            "RevokeHeldCertificate",
            #"{"CertificateAuthorityArn": "$root", "CertificateSerial": "$serial", "RevocationReason": "KEY_COMPROMISE", "ProofSignature": "$proof"}"#,
            changes: true),
        OperationCase(
            operation: "Signet.GetOCSPResponse", input: #"{"OcspRequests": ["$statusRequest"]}"#,
            isCounted: true),
        signet("ListTemplates"), signet("ListTokens"), signet("ListJobs"),
        signet("DrainToken", #"{"Name": "main"}"#, changes: true),
        signet("ResumeToken", #"{"Name": "main"}"#, changes: true),
        signet(
            "AdoptCertificateAuthority", #"{"KeyIdentifier": "ce01", "Certificate": "$ceremonyCertificate"}"#,
            changes: true, before: signed),
        signet("ListApprovals"), signet("GetApproval", #"{"Id": "$approval"}"#),
        signet(
            "ApproveRequest", #"{"Id": "$approval", "Digest": "$digest"}"#, changes: true),
        signet("RejectRequest", #"{"Id": "$approval", "Reason": "no"}"#, changes: true),
        signet("DescribePolicy"), signet("ReloadPolicy", changes: true),
        signet("GetAuditEvent", #"{"Id": "$event"}"#), signet("ListAuditEvents"),
        signet("GetCheckpoint"), signet("GetEventProof", #"{"Index": 0}"#),
        signet("GetIssuanceReceipt", leaf),
        OperationCase(operation: "Signet.DescribeCaller", needsPermission: false),
    ]
}
