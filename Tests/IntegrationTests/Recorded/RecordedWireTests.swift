import Foundation
import TestSupport
import Testing

/// Answers on the wire and members of events, which must not change when the code is reorganized.
/// `SIGNET_RECORD=1 Scripts/test --filter RecordedWireTests` rewrites the files. Read the difference before
/// you commit it.
struct RecordedWireTests {
    private static let policies = [
        "administrator-of-all.json": """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["acm-pca:*", "signet:*"], "Resource": "*"},
            {"Effect": "Deny", "Action": "acm-pca:IssueCertificate", "Resource": "*",
             "Condition": {"StringLike": {"acm-pca:TemplateArn": "*CodeSigning*"},
                           "NumericLessThan": {"signet:ApprovalCount": "2"}}},
            {"Effect": "Deny", "Action": "acm-pca:IssueCertificate", "Resource": "*",
             "Condition": {"StringLike": {"acm-pca:TemplateArn": "*OCSPSigning*"}}}]}
        """
    ]

    private func daemon() throws -> Daemon {
        let daemon = try Daemon(
            principals: """
                  - uid: \(geteuid())
                    arn: \(Daemon.administrator)
                    policies: [administrator-of-all.json]
                """, policies: Self.policies)
        try FileManager.default.createDirectory(
            atPath: daemon.directory.path("reports"), withIntermediateDirectories: false)
        try daemon.extend(
            """
            log:
              origin: signet.example/log
            audit-reports:
              buckets:
                reports: \(daemon.directory.path("reports"))
            """)
        try daemon.start()
        return daemon
    }

    private func compare(_ text: String, with name: String) throws {
        let file = "\(Products.root)/Tests/IntegrationTests/Recorded/\(name)"
        if ProcessInfo.processInfo.environment["SIGNET_RECORD"] == "1" {
            try text.write(toFile: file, atomically: true, encoding: .utf8)
        }
        let recorded = try String(contentsOfFile: file, encoding: .utf8)
        let difference = zip(
            text.components(separatedBy: "\n"), recorded.components(separatedBy: "\n")
        ).first { $0 != $1 }
        #expect(text == recorded, "\(String(describing: difference)) in \(text)")
    }

    @Test func `answers on the wire and members of events are as recorded`() async throws {
        let daemon = try daemon()
        let csr = try Data(OpenSSLRequest.make().utf8).base64EncodedString()
        let wire = RecordedWire(
            daemon,
            values: ["csr": csr, "missing": "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority"])
        try await authorities(wire)
        try await daemon.waitForEvent(ofDaemon: true, "GenerateCRL")
        try await certificates(wire)
        try policies(wire)
        try reports(wire)
        try log(wire)
        try signet(wire)
        try await daemon.waitForEvent("AuditReportOutcome")
        try compare(wire.text, with: "answers.txt")
        #expect(daemon.stop() == 0)
        try compare(
            RecordedWire.members(of: daemon.events() + daemon.events(ofDaemon: true)), with: "events.txt")
    }

    private func authorities(_ wire: RecordedWire) async throws {
        let configuration =
            #""KeyAlgorithm": "EC_prime256v1", "SigningAlgorithm": "SHA256WITHECDSA", "Subject": {"CommonName": "Root", "Country": "SE"}"#
        try wire.ask("ListCertificateAuthorities")
        try wire.ask("CreateCertificateAuthority")
        try wire.ask(
            "CreateCertificateAuthority",
            #"{"CertificateAuthorityType": "ROOT", "IdempotencyToken": "one", "Tags": [{"Key": "team", "Value": "web"}], "#
                + #""CertificateAuthorityConfiguration": {\#(configuration)}}"#,
            save: ["CertificateAuthorityArn": "root"])
        try wire.ask(
            "CreateCertificateAuthority",
            #"{"CertificateAuthorityType": "MIDDLE", "CertificateAuthorityConfiguration": {\#(configuration)}}"#
        )
        try wire.ask("DescribeCertificateAuthority", #"{"CertificateAuthorityArn": "$missing/x"}"#)
        try wire.ask("GetCertificateAuthorityCertificate", #"{"CertificateAuthorityArn": "$root"}"#)
        try wire.ask(
            "GetCertificateAuthorityCsr", #"{"CertificateAuthorityArn": "$root"}"#, save: ["Csr": "pem"])
        let request = try Data(#require(wire.values["pem"]).utf8).base64EncodedString()
        wire.name("rootCSR", request)
        try wire.ask(
            "IssueCertificate",
            #"{"CertificateAuthorityArn": "$root", "Csr": "$rootCSR", "SigningAlgorithm": "SHA256WITHECDSA", "#
                + #""TemplateArn": "arn:aws:acm-pca:::template/RootCACertificate/V1", "Validity": {"Type": "YEARS", "Value": 10}}"#,
            save: ["CertificateArn": "certificate"])
        try await wire.askUntilDone(
            "GetCertificate", #"{"CertificateAuthorityArn": "$root", "CertificateArn": "$certificate"}"#,
            save: ["Certificate": "rootPEM"])
        let certificate = try Data(#require(wire.values["rootPEM"]).utf8).base64EncodedString()
        wire.name("rootCertificate", certificate)
        try wire.ask(
            "ImportCertificateAuthorityCertificate",
            #"{"CertificateAuthorityArn": "$root", "Certificate": "bm9uc2Vuc2U="}"#)
        try wire.ask(
            "ImportCertificateAuthorityCertificate",
            #"{"CertificateAuthorityArn": "$root", "Certificate": "$rootCertificate"}"#)
        try wire.ask("GetCertificateAuthorityCertificate", #"{"CertificateAuthorityArn": "$root"}"#)
        try wire.ask("DescribeCertificateAuthority", #"{"CertificateAuthorityArn": "$root"}"#)
        try wire.ask("ListCertificateAuthorities", #"{"MaxResults": 1, "ResourceOwner": "SELF"}"#)
        try wire.ask("ListCertificateAuthorities", #"{"NextToken": "nonsense"}"#)
        try wire.ask("ListTags", #"{"CertificateAuthorityArn": "$root"}"#)
        try wire.ask(
            "TagCertificateAuthority",
            #"{"CertificateAuthorityArn": "$root", "Tags": [{"Key": "aws:x", "Value": "1"}]}"#)
        try wire.ask(
            "TagCertificateAuthority",
            #"{"CertificateAuthorityArn": "$root", "Tags": [{"Key": "stage", "Value": "test"}]}"#)
        try wire.ask(
            "UntagCertificateAuthority",
            #"{"CertificateAuthorityArn": "$root", "Tags": [{"Key": "team", "Value": "web"}]}"#)
        try wire.ask("ListTags", #"{"CertificateAuthorityArn": "$root"}"#)
    }

    private func certificates(_ wire: RecordedWire) async throws {
        func issue(_ members: String, template: String = "EndEntityCertificate/V1") -> String {
            #"{"CertificateAuthorityArn": "$root", "Csr": "$csr", "SigningAlgorithm": "SHA256WITHECDSA", "#
                + #""TemplateArn": "arn:aws:acm-pca:::template/\#(template)", \#(members)}"#
        }
        let days = #""Validity": {"Type": "DAYS", "Value": 30}"#
        try wire.ask(
            "IssueCertificate", issue(days + #", "IdempotencyToken": "leaf""#),
            save: ["CertificateArn": "leaf"])
        try wire.ask(
            "IssueCertificate",
            issue(#""Validity": {"Type": "DAYS", "Value": 3}, "IdempotencyToken": "leaf""#))
        try await wire.askUntilDone(
            "GetCertificate", #"{"CertificateAuthorityArn": "$root", "CertificateArn": "$leaf"}"#)
        try wire.ask("IssueCertificate", issue(#""Validity": {"Type": "YEARS", "Value": 50}"#))
        try wire.ask("IssueCertificate", issue(days, template: "NoSuchCertificate/V1"))
        try wire.ask("IssueCertificate", issue(days, template: "OCSPSigningCertificate/V1"))
        try wire.ask("IssueCertificate", issue(days + #", "Surprise": 1"#))
        try wire.ask(
            "IssueCertificate",
            #"{"CertificateAuthorityArn": "$root", "Csr": "bm9uc2Vuc2U=", "SigningAlgorithm": "SHA256WITHECDSA", \#(days)}"#
        )
        try wire.ask(
            "GetCertificate",
            #"{"CertificateAuthorityArn": "$root", "CertificateArn": "$root/certificate/00"}"#)
        // Waits for approval.
        try wire.ask(
            "IssueCertificate", issue(days, template: "CodeSigningCertificate/V1"),
            save: ["CertificateArn": "signing"])
        try wire.ask("GetCertificate", #"{"CertificateAuthorityArn": "$root", "CertificateArn": "$signing"}"#)
        try wire.ask(
            "Signet.IssueConstrainedCertificate",
            #"{"Request": \#(issue(days, template: "SubordinateCACertificate_PathLen0/V1")), "#
                + #""NameConstraints": {"Permitted": {"DnsNames": ["example.test"]}}}"#)
    }

    private func policies(_ wire: RecordedWire) throws {
        try wire.ask("GetPolicy", #"{"ResourceArn": "$root"}"#)
        try wire.ask("PutPolicy", #"{"ResourceArn": "$root", "Policy": "{}"}"#)
        try wire.ask(
            "PutPolicy",
            #"{"ResourceArn": "$root", "Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111111111111\"},\"Action\":[\"acm-pca:DescribeCertificateAuthority\",\"acm-pca:GetCertificate\",\"acm-pca:GetCertificateAuthorityCertificate\",\"acm-pca:ListPermissions\",\"acm-pca:ListTags\"],\"Resource\":\"$root\"}]}"}"#
        )
        try wire.ask("GetPolicy", #"{"ResourceArn": "$root"}"#)
        try wire.ask("DeletePolicy", #"{"ResourceArn": "$root"}"#)
        let permission = #""CertificateAuthorityArn": "$root", "Principal": "acm.amazonaws.com""#
        try wire.ask(
            "CreatePermission",
            #"{\#(permission), "Actions": ["IssueCertificate", "GetCertificate", "ListPermissions"]}"#)
        try wire.ask(
            "CreatePermission",
            #"{\#(permission), "Actions": ["IssueCertificate", "GetCertificate", "ListPermissions"]}"#)
        try wire.ask("ListPermissions", #"{"CertificateAuthorityArn": "$root"}"#)
        try wire.ask("DeletePermission", #"{\#(permission)}"#)
        try wire.ask("RevokeCertificate", #"{"CertificateAuthorityArn": "$root"}"#)
        try wire.ask("NoSuchOperation")
    }

    private func reports(_ wire: RecordedWire) throws {
        try wire.ask(
            "CreateCertificateAuthorityAuditReport",
            #"{"CertificateAuthorityArn": "$root", "S3BucketName": "nowhere", "AuditReportResponseFormat": "JSON"}"#
        )
        try wire.ask(
            "CreateCertificateAuthorityAuditReport",
            #"{"CertificateAuthorityArn": "$root", "S3BucketName": "reports", "AuditReportResponseFormat": "CSV"}"#
        )
        try wire.ask(
            "DescribeCertificateAuthorityAuditReport",
            #"{"CertificateAuthorityArn": "$root", "AuditReportId": "00000000-0000-4000-8000-000000000000"}"#)
    }

    private func log(_ wire: RecordedWire) throws {
        try wire.ask("Signet.GetCheckpoint")
        try wire.ask("Signet.GetEventProof", #"{"Index": 0}"#)
        try wire.ask("Signet.GetEventProof", #"{"Index": 1000000}"#)
        try wire.ask("Signet.GetEventProof")
        try wire.ask("Signet.ListAuditEvents", #"{"From": 1000000, "MaxResults": 1}"#)
        try wire.ask("Signet.GetAuditEvent", #"{"Id": "00000000-0000-7000-8000-000000000000"}"#)
        try wire.ask(
            "Signet.GetIssuanceReceipt", #"{"CertificateAuthorityArn": "$root", "CertificateArn": "$leaf"}"#)
    }

    private func signet(_ wire: RecordedWire) throws {
        try wire.ask("Signet.ListTemplates", #"{"MaxResults": 1}"#)
        try wire.ask("Signet.ListTemplates")
        try wire.ask("Signet.ListTokens")
        try wire.ask("Signet.DrainToken", #"{"Name": "none"}"#)
        try wire.ask("Signet.DrainToken", #"{"Name": "main"}"#)
        try wire.ask("Signet.ResumeToken", #"{"Name": "main"}"#)
        try wire.ask("Signet.ListApprovals")
        try wire.ask("Signet.GetApproval", #"{"Id": "00000000-0000-4000-8000-000000000000"}"#)
        try wire.ask(
            "Signet.ApproveRequest",
            #"{"Id": "00000000-0000-4000-8000-000000000000", "Digest": "\#(String(repeating: "0", count: 64))"}"#
        )
        try wire.ask("Signet.RejectRequest", #"{"Id": "00000000-0000-4000-8000-000000000000"}"#)
        try wire.ask("Signet.AdoptCertificateAuthority", #"{"KeyIdentifier": "00"}"#)
        try wire.ask("Signet.DescribePolicy")
        try wire.ask("Signet.ReloadPolicy")
    }
}
