import Foundation
import TestSupport
import Testing

/// Who the kernel says is asking. Needs root, to be several users.
@Suite(.enabled(if: geteuid() == 0, "several users need root"))
struct PeerTests {
    static let policies = [
        "issuer.json": """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["acm-pca:IssueCertificate"], "Resource": "*",
             "Condition": {"StringEquals": {"acm-pca:TemplateArn": "arn:aws:acm-pca:::template/EndEntityCertificate/V1"}}},
            {"Effect": "Allow", "Action": ["acm-pca:GetCertificate", "acm-pca:Describe*"], "Resource": "*"}]}
        """,
        "cautious.json": """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": "acm-pca:IssueCertificate", "Resource": "*",
             "Condition": {"StringLike": {"acm-pca:TemplateArn": "*CACertificate*"}}}]}
        """,
    ]
    static let principals = """
          - uid: 0
            arn: arn:aws:iam::000000000000:role/administrator
            policies: [administrator.json]
          - uid: 65001
            arn: arn:aws:iam::000000000000:role/issuer
            policies: [issuer.json]
          - gid: 65002
            arn: arn:aws:iam::000000000000:role/cautious
            policies: [cautious.json]
        """

    @Test func `users and groups get what their policies say`() async throws {
        let daemon = try Daemon(principals: Self.principals, policies: Self.policies)
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        try daemon.directory.write("a.csr", try OpenSSLRequest.make())
        let csr = daemon.directory.path("a.csr")
        let issue = ["certificate", "issue", "--ca", root, "--csr", csr, "--days", "5"]
        let issueAuthority = issue + ["--template", "SubordinateCACertificate_PathLen0/V1"]

        let issuer = try daemon.signet(issue, uid: 65001, gid: 65001)
        #expect(issuer.status == 0, "\(issuer.errors)")
        let wrongTemplate = try daemon.signet(issueAuthority, uid: 65001, gid: 65001)
        #expect(wrongTemplate.status != 0)
        #expect(
            wrongTemplate.errors.contains(
                "User: arn:aws:iam::000000000000:role/issuer is not authorized to perform: acm-pca:IssueCertificate on "
                    + "resource: \(root) because no identity-based policy allows the acm-pca:IssueCertificate action"
            ),
            "\(wrongTemplate.errors)")

        let cautious = try daemon.signet(issue, uid: 65009, gid: 65002)
        #expect(cautious.status == 0, "\(cautious.errors)")
        let denied = try daemon.signet(issueAuthority, uid: 65009, gid: 65002)
        #expect(denied.status != 0)
        #expect(
            denied.errors.contains("with an explicit deny in an identity-based policy"), "\(denied.errors)")

        let nobody = try daemon.signet(issue, uid: 65009, gid: 65009)
        #expect(nobody.status != 0)
        #expect(nobody.errors.contains("this peer is not mapped to a principal"), "\(nobody.errors)")
        let event = try #require(daemon.events().last)
        #expect(event["errorCode"] as? String == "AccessDeniedException")
        let additional = try #require(event["additionalEventData"] as? [String: Any])
        #expect((additional["peer"] as? [String: Any])?["uid"] as? Int == 65009)
    }
}
