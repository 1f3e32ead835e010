import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// The policies in force: when they change, when a quota is exceeded, and when a file cannot be read.
struct PolicyInForceTests {
    static let reading =
        #"{"Version": "2012-10-17", "Statement": {"Sid": "Read", "Effect": "Allow", "Action": ["acm-pca:List*", "acm-pca:Describe*", "signet:*Policy", "signet:GetAuditEvent"], "Resource": "*"}}"#

    private func digest(_ event: [String: Any]?) -> String? {
        (event?["additionalEventData"] as? [String: Any])?["policyDigest"] as? String
    }

    @Test func `policies change while the daemon serves, and a faulty file changes nothing`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        func status() throws -> String { try daemon.signet(["policy", "status", "--json"]).output }
        let first = try status()
        let create = ["ca", "create", "--root", "--subject", "CN=A"]
        #expect(try daemon.signet(create).status == 0)
        let before = try digest(daemon.events().last)
        #expect(before.map(first.contains) == true)

        // Both ways report a fault with its place.
        try daemon.directory.write(
            "administrator.json",
            #"{"Statement": {"Effect": "Allow", "Action": "acm-pca:Fly", "Resource": "*"}}"#)
        let refused = try daemon.signet(["policy", "reload"])
        #expect(refused.status == 1)
        #expect(
            refused.errors.contains("InvalidPolicyException")
                && refused.errors.contains(
                    "administrator.json:1: Statement[0].Action: `acm-pca:Fly` matches no action"),
            "\(refused.errors)")
        kill(daemon.processIdentifier, SIGHUP)
        try await daemon.waitForEvent("PolicyReloadFailed")
        #expect(try status() == first, "what was in force stays in force")
        #expect(try daemon.signet(create).status == 0)

        try daemon.directory.write("administrator.json", Self.reading)
        let reloaded = try daemon.signet(["policy", "reload", "--json"])
        #expect(reloaded.status == 0, "\(reloaded.errors)")
        #expect(try status() != first)
        let denied = try daemon.signet(create)
        #expect(denied.errors.contains("because no identity-based policy allows"), "\(denied.errors)")
        let after = try digest(daemon.events().last)
        #expect(after != before && after != nil)
        #expect(try status().contains(after ?? "?"))

        try daemon.directory.write(
            "administrator.json",
            #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#)
        kill(daemon.processIdentifier, SIGHUP)
        try await daemon.waitForEvent("PolicyReloaded")
        #expect(try daemon.signet(create).status == 0)
        let metrics = try Command.output(
            "curl", ["--silent", "--unix-socket", daemon.socketPath, "http://signet/metrics"])
        #expect(metrics.contains(#"signet_policy_reloads_total{outcome="failed"} 2"#), "\(metrics)")
        #expect(metrics.contains(#"signet_policy_reloads_total{outcome="succeeded"} 2"#), "\(metrics)")
        #expect(metrics.contains(#"signet_requests_total{outcome="denied"} 1"#), "\(metrics)")
    }

    @Test func `each request under load is decided by either the old or the new set of policies`()
        async throws
    {
        let daemon = try Daemon()
        try daemon.start()
        let denying = Self.reading.replacingOccurrences(of: #""acm-pca:List*", "#, with: "")
        try await daemon.client { client in
            let answers = try await withThrowingTaskGroup(of: [Bool].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        var answers: [Bool] = []
                        for _ in 0..<40 {
                            do {
                                _ = try await client.call(ListCertificateAuthoritiesOperation.self, .init())
                                answers.append(true)
                            } catch let error as APIClientError {
                                #expect(error.description.hasPrefix("AccessDeniedException"), "\(error)")
                                answers.append(false)
                            }
                        }
                        return answers
                    }
                }
                for index in 0..<20 {
                    try daemon.directory.write("administrator.json", index % 2 == 0 ? denying : Self.reading)
                    _ = try await client.call(ReloadPolicyOperation.self, .init())
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(answers.count == 320)
        }
        // The digest in an event is that of the set that decided.
        let events = try daemon.events().filter { $0["eventName"] as? String == "ListCertificateAuthorities" }
        let allowing = Set(events.filter { $0["errorCode"] == nil }.compactMap(digest))
        let refusing = Set(events.filter { $0["errorCode"] != nil }.compactMap(digest))
        #expect(!allowing.isEmpty && allowing.isDisjoint(with: refusing))
    }

    @Test(arguments: [
        "signetd.yaml", "administrator.json", "softhsm.yaml", "web.yaml", "officer.pub", "records",
    ])
    func `a policy file that other users can write is not loaded`(_ file: String) throws {
        let daemon = try Daemon(
            tokens: """
                    profile: softhsm.yaml
                issuance:
                  templates: [web.yaml]
                ceremony:
                  records: records
                  officers: [officer.pub]
                """)
        for (name, example) in [
            ("softhsm.yaml", "profiles/softhsm.yaml"), ("web.yaml", "templates/web-server.yaml"),
        ] {
            try FileManager.default.copyItem(
                atPath: "\(Products.root)/HSMConfig/\(example)", toPath: daemon.directory.path(name))
        }
        try Command.output(
            "openssl", ["genpkey", "-algorithm", "ED25519", "-out", daemon.directory.path("officer.key")])
        try Command.output(
            "openssl",
            [
                "pkey", "-in", daemon.directory.path("officer.key"), "-pubout", "-out",
                daemon.directory.path("officer.pub"),
            ])
        try FileManager.default.createDirectory(
            atPath: daemon.directory.path("records"), withIntermediateDirectories: true)
        let whole = try Command.run(
            Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml"), "--check"])
        #expect(whole.status == 0, "\(whole.errors)")
        let path = daemon.directory.path(file)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
        let check = try Command.run(
            Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml"), "--check"])
        #expect(check.status == 78)
        #expect(
            check.errors.contains("others can write it; take it from them (chmod go-w)"), "\(check.errors)")
        if geteuid() == 0 {
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            try FileManager.default.setAttributes([.ownerAccountID: 65001], ofItemAtPath: path)
            let owned = try Command.run(
                Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml"), "--check"])
            #expect(owned.status == 78 && owned.errors.contains("it belongs to uid 65001"), "\(owned.errors)")
        }
    }

    @Test func `a caller that exceeds its quota is refused before its body is read`() async throws {
        let daemon = try Daemon()
        try daemon.extend(
            """
            quotas:
              preset: aws
              rates: {acm-pca:DescribeCertificateAuthority: 0.001}
            """)
        try daemon.start()
        let start = ContinuousClock.now
        try await daemon.client { client in
            var refusals = 0
            for _ in 0..<40 {
                do {
                    _ = try await client.call(
                        DescribeCertificateAuthorityOperation.self,
                        .init(certificateAuthorityArn: "not an ARN"))
                    Issue.record("it is no ARN")
                } catch let error as APIClientError {
                    if error.description.hasPrefix("ThrottlingException") { refusals += 1 }
                }
            }
            // One request in a thousand seconds.
            #expect(refusals == 39, "\(refusals)")
            // Other actions have their own rates.
            _ = try await client.call(ListCertificateAuthoritiesOperation.self, .init())
        }
        // Many refusals do not become many events: the log gets one per second.
        let seconds = start.duration(to: .now) / .seconds(1)
        let recorded = try daemon.events().filter { $0["errorCode"] as? String == "ThrottlingException" }
        #expect((1...(Int(seconds) + 1)).contains(recorded.count), "\(recorded.count)")
        let parameters = try #require(recorded.first?["requestParameters"] as? [String: Any])
        #expect(parameters["requestsRefused"] as? Int == 1)
    }

    @Test func `if the policies cannot be read, every request is denied`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        daemon.stop()
        // As after a downgrade to a version that does not know an action.
        try Command.output(
            "sqlite3",
            [
                daemon.directory.path("signet.sqlite"),
                "UPDATE certificateAuthority SET policy = '{\"Statement\": {\"Effect\": \"Deny\", \"Principal\": \"*\", \"Action\": \"acm-pca:Later\", \"Resource\": \"*\"}}'",
            ])
        try daemon.start()
        let denied = try daemon.signet(["ca", "describe", root])
        #expect(
            denied.errors.contains("AccessDeniedException")
                && denied.errors.contains("because the decision could not be made"), "\(denied.errors)")
        let event = try #require(daemon.events().last)
        #expect((event["errorMessage"] as? String)?.contains("the decision could not be made") == true)
        let metrics = try Command.output(
            "curl", ["--silent", "--unix-socket", daemon.socketPath, "http://signet/metrics"])
        #expect(metrics.contains("signet_policy_evaluation_failures_total 1"), "\(metrics)")
    }

    @Test func `the content of a request is part of the decision`() async throws {
        let daemon = try Daemon(
            principals: """
                  - uid: \(geteuid())
                    arn: arn:aws:iam::000000000000:role/ingress
                    policies: [ingress.json]
                """,
            policies: [
                "ingress.json": """
                {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Action": ["acm-pca:Create*", "acm-pca:Get*", "acm-pca:Import*", "acm-pca:Describe*"], "Resource": "*"},
                    {"Effect": "Allow", "Action": "acm-pca:IssueCertificate", "Resource": "*",
                     "Condition": {"Bool": {"signet:IsCA": "true"}}},
                    {"Sid": "Names", "Effect": "Allow", "Action": "acm-pca:IssueCertificate", "Resource": "*",
                     "Condition": {
                        "ForAllValues:StringLike": {"signet:DNSNames": "*.svc.example.com"},
                        "Null": {"signet:DNSNames": "false", "signet:IPAddresses": "true", "signet:URIs": "true"},
                        "NumericLessThanEquals": {"signet:ValidityDays": "90"},
                        "StringEquals": {"signet:KeyAlgorithm": "EC_prime256v1"},
                        "NumericEquals": {"signet:KeySize": "256", "signet:PeerUid": "\(geteuid())"},
                        "ForAllValues:StringEquals": {"signet:SubjectOrganization": ["Example"]},
                        "ForAnyValue:StringLike": {"signet:SubjectCommonName": "*.example.com"},
                        "Bool": {"signet:IsCA": "false"},
                        "StringLike": {"signet:PeerExecutable": "*/signet"}}}]}
                """
            ])
        try daemon.start()
        let root = try await daemon.client { client in try await client.activeRoot() }
        func issue(
            _ names: String, subject: String = "/O=Example/CN=a.example.com", days: Int = 30,
            key: String? = nil,
            template: String = "EndEntityCertificate/V1", passthrough: String? = nil
        ) throws -> Command {
            let file = daemon.directory.path("r.csr")
            try Command.output(
                "openssl",
                ["req", "-new", "-newkey"]
                    + (key.map { [$0] } ?? ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
                    + [
                        "-nodes", "-keyout", "/dev/null", "-subj", subject, "-out", file, "-addext",
                        "subjectAltName=\(names)",
                    ])
            var arguments = [
                "certificate", "issue", "--ca", root, "--csr", file, "--days", "\(days)", "--template",
                template,
            ]
            if let passthrough {
                try daemon.directory.write("p.json", passthrough)
                arguments += ["--api-passthrough", daemon.directory.path("p.json")]
            }
            return try daemon.signet(arguments)
        }
        let good = "DNS:a.svc.example.com,DNS:B.SVC.example.com"
        let allowed = try issue(good)
        #expect(allowed.status == 0, "\(allowed.errors)")
        let context =
            try
            (#require(daemon.events().last { $0["eventName"] as? String == "IssueCertificate" })[
                "additionalEventData"]
            as? [String: Any])?["requestContext"] as? [String: [String]]
        #expect(context?["signet:dnsnames"] == ["a.svc.example.com", "b.svc.example.com"])
        #expect(context?["signet:validitydays"] == ["30"])

        let refusals: [(String, Command)] = [
            ("a name elsewhere", try issue("DNS:a.svc.example.com,DNS:a.example.com")),
            ("no DNS name", try issue("email:a@example.com")),
            ("an address beside the names", try issue(good + ",IP:192.0.2.1")),
            ("a URI beside the names", try issue(good + ",URI:spiffe://a/b")),
            ("too long", try issue(good, days: 91)),
            ("another key", try issue(good, key: "rsa:2048")),
            ("another organization", try issue(good, subject: "/O=Other/CN=a.example.com")),
            ("a second organization", try issue(good, subject: "/O=Example/O=Other/CN=a.example.com")),
            ("another common name", try issue(good, subject: "/O=Example/CN=a.example.net")),
            (
                "names of the API in place of the CSR's",
                try issue(
                    good, template: "BlankEndEntityCertificate_APIPassthrough/V1",
                    passthrough:
                        #"{"Extensions": {"SubjectAlternativeNames": [{"DnsName": "evil.example.net"}]}}"#)
            ),
            (
                "a subject of the API in place of the CSR's",
                try issue(
                    good, template: "BlankEndEntityCertificate_APIPassthrough/V1",
                    passthrough: #"{"Subject": {"CommonName": "a.example.com", "Organization": "Other"}}"#)
            ),
        ]
        for (what, result) in refusals {
            #expect(
                result.errors.contains(
                    "because no identity-based policy allows the acm-pca:IssueCertificate"),
                "\(what): \(result.output)\(result.errors)")
        }
        // If a template ignores ApiPassthrough, its names do not affect the decision.
        let ignored = try issue(
            good,
            passthrough: #"{"Extensions": {"SubjectAlternativeNames": [{"DnsName": "evil.example.net"}]}}"#)
        #expect(ignored.status == 0, "\(ignored.errors)")
        let certificate = try Command.output(
            "openssl", ["x509", "-noout", "-ext", "subjectAltName"], input: Data(ignored.output.utf8))
        #expect(certificate.contains("DNS:a.svc.example.com") && !certificate.contains("evil"))
    }
}
