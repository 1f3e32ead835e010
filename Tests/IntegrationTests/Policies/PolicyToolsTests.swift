import Foundation
import TestSupport
import Testing

/// `signet policy explain|matrix|check|test`, on the examples and on a daemon.
struct PolicyToolsTests {
    /// A copy of the examples in a directory that only the test's user can write.
    private struct Examples {
        let place: TemporaryDirectory
        var config: String { place.path("HSMConfig/signetd.yaml") }

        init() throws {
            place = try TemporaryDirectory()
            try Command.output("cp", ["-r", "\(Products.root)/HSMConfig", place.path("")])
            try Command.output("chmod", ["-R", "go-w", place.path("HSMConfig")])
        }

        func policy(_ arguments: [String]) throws -> Command {
            try Command.run(
                Products.path("signet"), ["policy", arguments[0], "--config", config] + arguments.dropFirst())
        }
    }

    @Test func `the examples satisfy their assertions and cases`() throws {
        let examples = try Examples()
        let check = try examples.policy(["check", examples.place.path("HSMConfig/policies/assertions.yaml")])
        #expect(check.status == 0, "\(check.output)\(check.errors)")
        #expect(check.output.split(separator: "\n").count == 5)
        #expect(check.output.split(separator: "\n").allSatisfy { $0.hasPrefix("ok  ") }, "\(check.output)")
        let test = try examples.policy(["test", examples.place.path("HSMConfig/policies/cases.yaml")])
        #expect(
            test.status == 0 && test.output == "7 of 7 requests are judged as expected\n",
            "\(test.output)\(test.errors)")
    }

    @Test func `the check finds an excessive permission and the request that it allows`() throws {
        let examples = try Examples()
        // A typical mistake: one dot is missing.
        let path = "HSMConfig/policies/ingress.json"
        let text = try examples.place.text(path)
        try examples.place.write(
            path,
            text.replacingOccurrences(of: #""*.ingress.example.com"]"#, with: #""*ingress.example.com"]"#))
        let check = try examples.policy([
            "check", examples.place.path("HSMConfig/policies/assertions.yaml"), "--json",
        ])
        #expect(check.status == 1)
        let reports = try #require(
            JSONSerialization.jsonObject(with: Data(check.output.utf8)) as? [[String: Any]])
        let broken = try #require(reports.first { $0["Outcome"] as? String == "broken" })
        #expect(reports.count(where: { $0["Outcome"] as? String == "broken" }) == 1)
        let example = try #require(broken["CounterExample"] as? [String: Any])
        #expect(example["AllowedBy"] as? String == "ingress.json#NamesOfTheDomainOnly")
        let context = try #require(example["Context"] as? [String: [String]])
        let names = (context["signet:dnsnames"] ?? []) + (context["signet:subjectcommonname"] ?? [])
        let outside = names.filter { $0 != "ingress.example.com" && !$0.hasSuffix(".ingress.example.com") }
        #expect(outside.contains { $0.hasSuffix("ingress.example.com") }, "\(names)")

        // The daemon does allow the request that the check found.
        var arguments = [
            "explain", "--principal", "role/ingress", "--action", "acm-pca:IssueCertificate", "--template",
            "EndEntityCertificate/V1", "--json",
        ]
        for (key, values) in context
        where key.hasPrefix("signet:") && !key.contains("peer") && !key.contains("isca") {
            if key == "signet:approvalcount" { continue }
            for value in values { arguments += ["--context", "\(key)=\(value)"] }
        }
        let explained = try examples.policy(arguments)
        #expect(explained.output.contains(#""Allowed" : true"#), "\(explained.output)\(explained.errors)")

        let test = try examples.policy(["test", examples.place.path("HSMConfig/policies/cases.yaml")])
        #expect(test.status == 0, "the cases do not see it")
        try examples.place.write(
            path,
            text.replacingOccurrences(
                of: #""signet:ValidityDays": "90""#, with: #""signet:ValidityDays": "9""#))
        let failing = try examples.policy(["test", examples.place.path("HSMConfig/policies/cases.yaml")])
        #expect(failing.status == 1)
        #expect(
            failing.output.contains("FAILED  ingress has a certificate for its own name: it is denied")
                && failing.output.contains(
                    "NumericLessThanEquals signet:ValidityDays 9, and the request has 90")
                && failing.output.contains("6 of 7"), "\(failing.output)")
    }

    @Test func `a denial is explained by the statement that comes nearest`() throws {
        let examples = try Examples()
        let explained = try examples.policy([
            "explain", "--principal", "role/ingress", "--action", "acm-pca:IssueCertificate", "--template",
            "EndEntityCertificate/V1", "--context", "signet:DNSNames=www.example.com", "--context",
            "signet:ValidityDays=30",
        ])
        #expect(explained.status == 0)
        for text in [
            "denied: no identity-based policy allows it",
            "nearest that would allow it: ingress.json#NamesOfTheDomainOnly  (identity-based policy)",
            "ForAllValues:StringLike signet:DNSNames ingress.example.com, *.ingress.example.com, and the request has www.example.com",
        ] { #expect(explained.output.contains(text), "\(explained.output)\(explained.errors)") }
        let guardrail = try examples.policy([
            "explain", "--principal", "role/administrator", "--action", "acm-pca:DeleteCertificateAuthority",
        ])
        #expect(
            guardrail.output.hasPrefix(
                "denied by no-deletion.json#NothingIsDeleted, a service control policy"),
            "\(guardrail.output)")
        let approvals = try examples.policy([
            "explain", "--principal", "user/registrar", "--action", "acm-pca:IssueCertificate", "--template",
            "SubordinateCACertificate_PathLen0/V1",
        ])
        #expect(approvals.output.contains("with 2 approvals it would be allowed"), "\(approvals.output)")
    }

    @Test func `the matrix is printed as a table, as a page and as JSON`() throws {
        let examples = try Examples()
        let table = try examples.policy(["matrix"])
        #expect(table.status == 0, "\(table.errors)")
        let lines = table.output.split(separator: "\n").map(String.init)
        #expect(
            lines.contains { $0.hasPrefix("role/administrator") && $0.contains("all 6") }, "\(table.output)")
        #expect(
            lines.contains {
                $0.hasPrefix("role/ingress") && $0.contains("depends on") && $0.contains("signet:DNSNames")
            }, "\(table.output)")
        #expect(
            lines.contains { $0.hasPrefix("user/registrar") && $0.contains("with 2 approvals") },
            "\(table.output)")
        let file = examples.place.path("matrix.html")
        try examples.policy(["matrix", "--html", file]).require()
        let page = try examples.place.text("matrix.html")
        #expect(
            page.hasPrefix("<!DOCTYPE html>") && page.contains("role/ingress") && page.contains("</html>"))
        #expect(!page.contains("http://") && !page.contains("https://"), "the page loads nothing")
        let parsed = try Command.run(
            Products.python,
            [
                "-c",
                """
                import html.parser, sys
                class Page(html.parser.HTMLParser):
                    void = {"meta", "input", "br", "col", "link", "hr"}
                    def __init__(self): super().__init__(); self.open = []; self.cells = 0
                    def handle_starttag(self, tag, attributes):
                        if tag not in self.void: self.open.append(tag)
                        self.cells += tag == "td"
                    def handle_endtag(self, tag): assert self.open.pop() == tag, tag
                page = Page(); page.feed(open(sys.argv[1]).read()); page.close()
                assert not page.open and page.cells > 20, (page.open, page.cells)
                """, file,
            ])
        #expect(parsed.status == 0, "\(parsed.errors)")
        let json = try examples.policy(["matrix", "--action", "acm-pca:PutPolicy", "--json"])
        let cells = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(
            cells?.contains {
                ($0["Principal"] as? String)?.hasSuffix("role/auditor") == true
                    && $0["Access"] as? String == "denied"
            } == true)
    }

    @Test func `policy explain asks a daemon about its authorities and requests`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        try daemon.directory.write(
            "p.json",
            """
            {"Version": "2012-10-17", "Statement": {"Sid": "NotThis", "Effect": "Deny", "Principal": "*",
             "Action": "acm-pca:IssueCertificate", "Resource": "\(root)"}}
            """)
        try daemon.signet(["ca", "policy", "put", root, daemon.directory.path("p.json")]).require()
        try daemon.directory.write("a.csr", try OpenSSLRequest.make())
        let denied = try daemon.signet([
            "certificate", "issue", "--ca", root, "--csr", daemon.directory.path("a.csr"), "--days", "5",
        ])
        #expect(denied.errors.contains("explicit deny in a resource-based policy"), "\(denied.errors)")
        let event = try #require(daemon.events().last { $0["eventName"] as? String == "IssueCertificate" })
        let id = try #require(event["requestID"] as? String)
        let config = ["--config", daemon.directory.path("signetd.yaml")]
        let past = try daemon.signet(["policy", "explain", "--event", id, "--live"] + config)
        #expect(past.output.contains("#NotThis, a resource-based policy"), "\(past.output)\(past.errors)")
        #expect(past.output.contains("signet:dnsnames = "), "\(past.output)")
        #expect(past.errors.isEmpty, "\(past.errors)")
        let matrix = try daemon.signet(["policy", "matrix", "--live"] + config)
        #expect(
            matrix.output.contains(root.suffix(36)) && matrix.output.contains("#NotThis"), "\(matrix.output)")
        // The files differ from the policies in force.
        try daemon.directory.write(
            "administrator.json",
            #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "acm-pca:Get*", "Resource": "*"}}"#
        )
        let other = try daemon.signet(["policy", "matrix", "--live"] + config)
        #expect(
            other.errors.contains("the daemon decides by other policies than these files"), "\(other.errors)")
    }

    @Test func `policy explain finds a request by each name of its event and of its certificate`()
        async throws
    {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        try daemon.directory.write("a.csr", try OpenSSLRequest.make())
        try daemon.signet([
            "certificate", "issue", "--ca", root, "--csr", daemon.directory.path("a.csr"), "--days", "5",
        ]).require()
        let events = try daemon.events()
        func last(_ name: String) throws -> [String: Any] {
            try #require(events.last { $0["eventName"] as? String == name })
        }
        func index(_ event: [String: Any]) throws -> String {
            let id = try #require(event["eventID"] as? String)
            return try Command.output(
                "sqlite3",
                [
                    daemon.directory.path("signet.sqlite"),
                    "SELECT position - 1 FROM event WHERE id = '\(id)'",
                ]
            ).trimmingCharacters(in: .newlines)
        }
        let asked = try last("IssueCertificate")
        let signed = try last("IssueCertificateDetails")
        let outcome = try #require(signed["serviceEventDetails"] as? [String: Any])
        let serial = try #require(outcome["serialNumber"] as? String)
        let names = [
            try #require(asked["requestID"] as? String), try #require(asked["eventID"] as? String),
            try index(asked), try index(signed), try #require(signed["eventID"] as? String),
            try #require(outcome["certificateArn"] as? String), serial, serial.uppercased(),
        ]
        func explain(_ name: String) throws -> Command {
            try daemon.signet([
                "policy", "explain", "--live", "--config", daemon.directory.path("signetd.yaml"), "--event",
                name,
            ])
        }
        let first = try explain(names[0])
        #expect(first.output.contains("acm-pca:IssueCertificate"), "\(first.output)\(first.errors)")
        for name in names {
            let result = try explain(name)
            #expect(result.status == 0 && result.output == first.output, "\(name): \(result.errors)")
        }
        for (name, status, reason) in [
            ("nothing", 64, "is no index, eventID or requestID"), ("", 64, "is no index"),
            ("999999", 66, "the log has no event 999999"),
            ("00ff", 66, "no certificate with the serial number `00ff`"),
            ("019ab3c2-5d1e-7c40-9a6b-2f6f0f3b8c11", 66, "no event with the eventID"),
            ("0", 1, "is not of a request that policies judged"),
        ] {
            let result = try explain(name)
            #expect(result.status == status && result.errors.contains(reason), "\(name): \(result.errors)")
        }
    }

    @Test func `unusable files are reported with their lines`() throws {
        let examples = try Examples()
        func check(_ text: String) throws -> String {
            try examples.place.write("a.yaml", text)
            let result = try examples.policy(["check", examples.place.path("a.yaml")])
            #expect(result.status == 64)
            return result.errors
        }
        #expect(
            try check("assertions:\n  - name: a\n").contains(
                "a.yaml:2: `assertions[0]` must have either `nobody-but` or `principals`"))
        #expect(
            try check(
                "assertions:\n  - {name: a, principals: x, can: acm-pca:Fly, only: {signet:DNSNames: x}}\n"
            ).contains("matches no action there is"))
        #expect(
            try check("assertions:\n  - {name: a, principals: x, can: acm-pca:*, only: {signet:Names: x}}\n")
                .contains("there is no condition key `signet:Names`"))
        #expect(
            try check("assertions:\n  - {name: a, principals: x, can: acm-pca:*}\n").contains(
                "must say `nobody-but` and `can`"))
        #expect(try check("asertions: []\n").contains("unknown key `asertions`"))
        let nobody = try examples.policy([
            "explain", "--principal", "role/nobody", "--action", "acm-pca:GetCertificate",
        ])
        #expect(nobody.status == 66 && nobody.errors.contains("there is no principal `role/nobody`"))
    }
}
