import Foundation
import TestSupport
import Testing

/// Authorities shared with other accounts, and the effect of guardrails. These tests need root to act as
/// several users.
@Suite(.enabled(if: geteuid() == 0, "several users need root"))
struct SharingTests {
    static let policies = [
        "all.json":
            #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#,
        "no-deletion.json": """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Deny", "Action": ["acm-pca:UntagCertificateAuthority", "acm-pca:DeletePolicy"], "Resource": "*"}]}
        """,
        "by-team.json": """
        {"Version": "2012-10-17", "Statement": {
            "Effect": "Allow", "Action": "acm-pca:*", "Resource": "*",
            "Condition": {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}}}}
        """,
        "own.json": """
        {"Effect": "Allow", "Action": ["acm-pca:DescribeCertificateAuthority", "acm-pca:IssueCertificate"],
         "Condition": {"StringEquals": {"acm-pca:TemplateArn": "arn:aws:acm-pca:::template/EndEntityClientAuthCertificate/V1"}}}
        """,
    ]
    static let principals = """
          - {uid: 0, arn: "arn:aws:iam::000000000000:role/administrator", policies: [administrator.json]}
          - {uid: 65001, arn: "arn:aws:iam::111122223333:role/tenant", policies: [all.json]}
          - {uid: 65002, arn: "arn:aws:iam::444455556666:role/guarded", policies: [all.json]}
          - {uid: 65003, arn: "arn:aws:iam::000000000000:role/team", policies: [by-team.json], tags: {team: blue}}
        """

    @Test func `tags, policies and permissions are set as in AWS`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let script = "\(Products.root)/Tests/IntegrationTests/Python/policies.py"
            let result = try Command.run(Products.python, [script, daemon.socketPath, root])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }
    }

    @Test func `another account can do what the authority's policy grants, and nothing else`() async throws {
        let daemon = try Daemon(principals: Self.principals, policies: Self.policies)
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        try daemon.directory.write("a.csr", try OpenSSLRequest.make())
        let issue = [
            "certificate", "issue", "--ca", root, "--csr", daemon.directory.path("a.csr"), "--days", "5",
        ]
        let before = try daemon.signet(issue, uid: 65001, gid: 65001)
        #expect(before.errors.contains("because no resource-based policy allows"), "\(before.errors)")
        #expect(try daemon.signet(["ca", "list"], uid: 65001, gid: 65001).output.contains(root) == false)

        try daemon.directory.write(
            "share.json",
            """
            {"Version": "2012-10-17", "Statement": [
                {"Sid": "1", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Resource": "\(root)",
                 "Action": ["acm-pca:DescribeCertificateAuthority", "acm-pca:GetCertificate"]},
                {"Sid": "1", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Resource": "\(root)",
                 "Action": "acm-pca:IssueCertificate",
                 "Condition": {"StringEquals": {"acm-pca:TemplateArn": "arn:aws:acm-pca:::template/EndEntityCertificate/V1"}}}]}
            """)
        let put = try daemon.signet(["ca", "policy", "put", root, daemon.directory.path("share.json")])
        #expect(put.status == 0, "\(put.errors)")
        #expect(try daemon.signet(issue, uid: 65001, gid: 65001).status == 0)
        let authority = try daemon.signet(
            issue + ["--template", "SubordinateCACertificate_PathLen0/V1"], uid: 65001, gid: 65001)
        #expect(authority.errors.contains("because no resource-based policy allows"), "\(authority.errors)")
        let foreign = try daemon.signet(issue, uid: 65002, gid: 65002)
        #expect(foreign.errors.contains("because no resource-based policy allows"), "\(foreign.errors)")
        let foreignList = try daemon.signet(["ca", "list", "--shared"], uid: 65001, gid: 65001)
        #expect(foreignList.output.contains(root), "\(foreignList.output)\(foreignList.errors)")
        #expect(
            try daemon.signet(["ca", "list", "--shared"], uid: 65002, gid: 65002).output.contains(root)
                == false)
        // The other account has no authorities and cannot create any here.
        let create = try daemon.signet(
            ["ca", "create", "--root", "--subject", "CN=Mine"], uid: 65001, gid: 65001)
        #expect(create.errors.contains("because no resource-based policy allows"), "\(create.errors)")

        try daemon.signet(["ca", "policy", "delete", root]).require()
        let after = try daemon.signet(issue, uid: 65001, gid: 65001)
        #expect(after.errors.contains("because no resource-based policy allows"), "\(after.errors)")
    }

    @Test func `shares and guardrails of the configuration are enforced, and tags are part of the decision`()
        async throws
    {
        let first = try Daemon(principals: Self.principals, policies: Self.policies)
        try first.start()
        let root = try await first.client { try await $0.activeRoot() }
        first.stop()
        try first.extend(
            """
            shares:
              - authority: \(root)
                with: ["111122223333", "arn:aws:iam::444455556666:role/guarded"]
                permissions: [AWSRAMDefaultPermissionCertificateAuthority, own.json]
            organization:
              guardrails: [all.json]
              units:
                - name: guarded
                  guardrails: [all.json, no-deletion.json]
                  accounts:
                    - id: "000000000000"
                    - id: "444455556666"
                      guardrails: [own-guardrail.json]
            """)
        try first.directory.write(
            "own-guardrail.json",
            #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "acm-pca:Describe*", "Resource": "*"}}"#
        )
        try first.start()
        try first.directory.write("a.csr", try OpenSSLRequest.make())
        let issue = [
            "certificate", "issue", "--ca", root, "--csr", first.directory.path("a.csr"), "--days", "5",
        ]
        // AWS's permission, and Signet's own.
        #expect(try first.signet(issue, uid: 65001, gid: 65001).status == 0)
        let client = issue + ["--template", "EndEntityClientAuthCertificate/V1"]
        #expect(try first.signet(client, uid: 65001, gid: 65001).status == 0)
        let server = try first.signet(
            issue + ["--template", "EndEntityServerAuthCertificate/V1"], uid: 65001, gid: 65001)
        #expect(server.errors.contains("because no resource-based policy allows"), "\(server.errors)")
        // The account's own guardrail still allows reading.
        #expect(try first.signet(["ca", "describe", root], uid: 65002, gid: 65002).status == 0)
        let guarded = try first.signet(issue, uid: 65002, gid: 65002)
        #expect(guarded.errors.contains("because no service control policy allows"), "\(guarded.errors)")

        let blue = try first.signet(["ca", "describe", root], uid: 65003, gid: 65003)
        #expect(blue.errors.contains("because no identity-based policy allows"), "\(blue.errors)")
        try first.signet(["ca", "tag", root, "team=blue"]).require()
        #expect(try first.signet(["ca", "describe", root], uid: 65003, gid: 65003).status == 0)
        let untag = try first.signet(["ca", "untag", root, "team"])
        #expect(untag.errors.contains("with an explicit deny in a service control policy"), "\(untag.errors)")
    }
}
