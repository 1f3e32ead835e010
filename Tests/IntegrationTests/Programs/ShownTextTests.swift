import Foundation
import TestSupport
import Testing
import WireAPI

/// How the programs print text from other parties. Python's tables say which characters must not reach a
/// terminal.
struct ShownTextTests {
    private static let python = "\(Products.root)/Tests/IntegrationTests/Python"
    private static let cases = "\(Products.root)/Tests/Cases/04-forged-screen"

    private struct Verdict: Decodable {
        let faults: [String]
        let judged: Int
    }

    // MARK: Views of a daemon's answers

    private static let policy = """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "NotAction": "acm-pca:IssueCertificate", "Resource": "*"},
            {"Effect": "Allow", "Action": "acm-pca:IssueCertificate", "Resource": "*",
             "Condition": {"StringNotLike": {"acm-pca:TemplateArn": "*SubordinateCACertificate*"}}},
            {"Effect": "Allow", "Action": "acm-pca:IssueCertificate", "Resource": "*",
             "Condition": {"NumericGreaterThanEquals": {"signet:ApprovalCount": "1"}}}]}
        """

    @Test func `every command of signet escapes the text of a hostile daemon`() async throws {
        let daemon = try Daemon(
            principals: """
                  - {uid: \(geteuid()), arn: "\(Daemon.administrator)", policies: [some.json]}
                """, policies: ["some.json": Self.policy])
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        try daemon.directory.write("a.csr", try OpenSSLRequest.make())
        try daemon.directory.write(
            "p.json",
            """
            {"Version": "2012-10-17", "Statement": {"Sid": "a", "Effect": "Allow", "Principal": {"AWS": "111122223333"},
             "Action": "acm-pca:GetCertificate", "Resource": "\(root)"}}
            """)
        let issue = [
            "certificate", "issue", "--ca", root, "--csr", daemon.directory.path("a.csr"), "--days", "5",
        ]
        try daemon.signet(["ca", "tag", root, "environment=test"]).require()
        try daemon.signet(["ca", "policy", "put", root, daemon.directory.path("p.json")]).require()
        let arn = try daemon.signet(issue + ["--no-wait"]).output
        try daemon.signet(issue + ["--template", "SubordinateCACertificate_PathLen0/V1", "--no-wait"])
            .require()
        let list = try JSONSerialization.jsonObject(
            with: Data(try daemon.signet(["approval", "list", "--json"]).output.utf8))
        let approvals = (list as? [String: Any])?["Approvals"] as? [[String: Any]]
        let approval = try #require(approvals?.first?["Id"] as? String)
        let events = try daemon.events()
        let event = try #require(events.last?["eventID"] as? String)
        let intent = try #require(events.last { $0["eventName"] as? String == "SignatureIntent" })
        let details = intent["serviceEventDetails"] as? [String: Any]
        let key = try #require(details?["keyIdentifier"] as? String)
        let day = String(Date().formatted(.iso8601).prefix(10))
        let commands: [[String]] = [
            ["ca", "list"], ["ca", "describe", root], ["ca", "tags", root], ["ca", "policy", "get", root],
            ["approval", "list"], ["approval", "show", approval], ["audit", "list"],
            ["audit", "show", event],
            ["audit", "certificates", "--principal", "role/administrator", "--on", day],
            ["audit", "signatures", "--key", key], ["template", "list"], ["token", "list"],
            ["policy", "status"], issue + ["--no-wait", "--signing-algorithm", "SHA256WITHECDSA"],
            ["ca", "describe", root.dropLast(12) + "000000000000"],
        ]
        let result = try Command.run(
            Products.python,
            [
                "\(Self.python)/hostile_views.py", Products.path("signet"), daemon.socketPath,
                String(decoding: try JSONEncoder().encode(commands), as: UTF8.self),
            ])
        try #require(result.status == 0, "\(result.errors)")
        let verdict = try JSONDecoder().decode(Verdict.self, from: Data(result.output.utf8))
        #expect(verdict.faults == [])
        #expect(verdict.judged == 2 * commands.count)
        #expect(arn.hasPrefix(root + "/certificate/"))
    }

    // MARK: The approval screen

    private struct Screen: Decodable {
        let digest: String
        let screen: [String]
        let lines: [String]
        let raw: [String]
        let title: String
        let status: Int
        let approved: [String]
    }

    private static func screen(_ request: String) throws -> Screen {
        let result = try Command.run(
            Products.python, ["\(python)/approval_screen.py", Products.path("signet"), request])
        try #require(result.status == 0, "\(result.errors)")
        return try JSONDecoder().decode(Screen.self, from: Data(result.output.utf8))
    }

    struct Request: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let argument: String
        /// Whether the text is on the screen once the terminal's lines are joined.
        let shown: String

        init(_ name: String, _ shown: String) {
            (testDescription, argument, self.shown) = (name, "\(ShownTextTests.cases)/\(name)", shown)
        }

        init(_ description: String, commonName: String, _ shown: String) {
            let text = String(decoding: (try? JSONEncoder().encode(commonName)) ?? Data(), as: UTF8.self)
            (testDescription, argument, self.shown) = (description, "CN=\(text)", shown)
        }
    }

    static let requests: [Request] = [
        Request("210-esc.csr", #"Subject        CN=web.example.test\1B[1A\1B[2Kevil"#),
        Request("211-nl.csr", #"Subject        CN=x\0AIssuer \20\20\20\20\20\20\20\20CN=Trusted Root"#),
        Request("213-cr.csr", #"Subject        CN=evil\0DCN=good"#),
        Request("214-san-dirname-nl.csr", #"directory:CN=y\0A \u{20}basicConstraints (critical)"#),
        Request("221-lines-no-esc.csr", #"title=web.example.com\0AExtensions\0A"#),
        Request("a C1 sequence", commonName: "a\u{9B}2J\u{9B}1;1Hb", #"CN=a\C2\9B2J\C2\9B1\;1Hb"#),
        Request(
            "an OSC that is not ended", commonName: "a\u{1B}]0;title", #"CN=a\1B]0\;title"#),
        Request("a right-to-left override", commonName: "\u{202E}toor", #"CN=\E2\80\AEtoor"#),
        Request("isolates", commonName: "a\u{2066}b\u{2069}", #"CN=a\E2\81\A6b\E2\81\A9"#),
        Request("tags", commonName: "a\u{E0001}\u{E0041}", #"CN=a\F3\A0\80\81\F3\A0\81\81"#),
        Request("zero widths", commonName: "pay\u{200B}pal\u{FEFF}", #"CN=pay\E2\80\8Bpal\EF\BB\BF"#),
        Request(
            "BEL and backspace", commonName: "evil\u{7}\u{8}\u{8}\u{8}\u{8}good",
            #"CN=evil\07\08\08\08\08good"#),
        Request(
            "line separators", commonName: "a\u{2028}b\u{2029}c\u{85}d", #"CN=a\E2\80\A8b\E2\80\A9c\C2\85d"#),
        Request(
            "blanks to the end of the line",
            commonName: "a" + String(repeating: " ", count: 81) + "Makes          no certificate authority",
            #"CN=a \20\20\20\20"#),
        Request(
            "more than a screen", commonName: String(repeating: "Digest 0000 ", count: 1000) + "x",
            "CN=Digest 0000 Digest 0000"),
        Request("an honest name", commonName: "Åsa 日本 😀", "CN=Åsa 日本 😀"),
    ]

    @Test(arguments: requests)
    func `an officer sees what will be signed, whatever the requester wrote`(_ request: Request) throws {
        let seen = try Self.screen(request.argument)
        #expect(seen.raw == [])
        #expect(seen.title == "")
        let text = seen.lines.joined(separator: "\n")
        // pyte puts an empty cell after a wide character.
        #expect(seen.lines.joined().contains(request.shown), "\(text)")
        let facts = [
            "Template       SubordinateCACertificate_PathLen3/V1",
            "Makes          CERTIFICATE AUTHORITY, path length 3",
            "Valid          2030-01-01T00:00:00Z to 2031-01-01T00:00:00Z",
            "Digest         \(seen.digest)",
        ]
        let subject = try #require(seen.lines.firstIndex { $0.hasPrefix("Subject        ") }, "\(text)")
        for fact in facts {
            let places = seen.lines.indices.filter { seen.lines[$0].hasPrefix(fact) }
            #expect(places.count == 2 && places[0] < subject && subject < places[1], "\(fact): \(text)")
            // However long the report is, the content is visible when the question is asked.
            #expect(seen.screen.contains { $0.hasPrefix(fact) }, "\(seen.screen)")
        }
        #expect(seen.lines.count { $0.hasPrefix("Makes  ") } == 2, "\(text)")
        #expect(seen.lines.filter { $0.hasPrefix("Issuer ") } == ["Issuer         CN=True Root"], "\(text)")
        #expect(
            !seen.lines.contains { $0.contains("  basicConstraints") && $0.contains("CA:FALSE") }, "\(text)")
        #expect(seen.lines.contains { $0.contains("UNKNOWN extension 1.2.3.4, critical, 5 octets:") })
        #expect(seen.lines.contains { $0.hasSuffix(" 04031b5b32") })
        #expect(seen.lines.contains { $0.contains("other:1.3.6.1.4.1.311.20.2.3") })
        let question = seen.screen.filter { !$0.isEmpty }.suffix(2)
        #expect(question == ["Approve the request with the digest", "\(seen.digest)? Type `yes`:"])
        #expect(seen.approved == [seen.digest])
        #expect(seen.status == 0)
    }

    // MARK: Certificates in files

    private static let certify = """
        import sys, datetime
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec
        request = x509.load_pem_x509_csr(open(sys.argv[1], "rb").read())
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime(2026, 1, 1)
        builder = x509.CertificateBuilder().subject_name(request.subject).issuer_name(request.subject)
        builder = builder.public_key(key.public_key()).serial_number(1)
        builder = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=9000))
        for extension in request.extensions:
            builder = builder.add_extension(extension.value, extension.critical)
        certificate = builder.sign(key, hashes.SHA256())
        sys.stdout.write(certificate.public_bytes(serialization.Encoding.PEM).decode())
        """

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar != "\n" && scalar.properties.generalCategory == .control
    }

    @Test(arguments: requests.prefix(5))
    func `certificate show and certificate lint print the names in a certificate as pairs`(_ request: Request)
        throws
    {
        let directory = try TemporaryDirectory()
        try directory.write(
            "c.pem", try Command.output(Products.python, ["-c", Self.certify, request.argument]))
        let shown = try Command.run(
            Products.path("signet"), ["certificate", "show", directory.path("c.pem")])
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.output.contains(request.shown), "\(shown.output)")
        #expect(shown.output.split(separator: "\n").count { $0.hasPrefix("Issuer ") } == 1)
        #expect(shown.output.contains("\nMakes          no certificate authority\n"))
        let lint = try Command.run(Products.path("signet"), ["lint", directory.path("c.pem")])
        let json = try Command.run(
            Products.path("signet"), ["certificate", "show", "--json", directory.path("c.pem")])
        #expect(json.status == 0)
        for text in [shown.output, lint.output, lint.errors, json.output] {
            #expect(!text.unicodeScalars.contains(where: Self.isHidden), "\(text)")
        }
    }

    // MARK: Files and arguments in messages

    @Test func `messages name files and arguments in escaped form`() throws {
        let directory = try TemporaryDirectory()
        let name = directory.path("a\u{1B}[2J\u{9B}\u{202E}b\nerror: c")
        for (program, arguments) in [
            ("signet", ["certificate", "show", name]), ("signet", ["lint", name]),
            ("signet", ["ca", "describe", name, "--socket", name]), ("signet", [name]),
            ("signet", ["ca", "list", "--\(name)"]), ("signet", ["policy", "matrix", "--config", name]),
            ("signetd", ["--config", name]), ("signetd", ["--config", name, "--log-level", name]),
            ("signet-token", ["list", "--module", name]), ("signet-token", ["ceremony", "plan", name]),
            ("signet-token", ["ceremony", "verify", name]),
        ] {
            let result = try Command.run(Products.path(program), arguments)
            #expect(result.status != 0)
            let text = result.output + result.errors
            #expect(text.contains("\\u{1B}[2J\\u{9B}\\u{202E}b"), "\(program) \(arguments[0]): \(text)")
            #expect(!text.unicodeScalars.contains(where: Self.isHidden), "\(program): \(text)")
        }
    }

    @Test(arguments: ["signet", "signetd", "signet-token"])
    func `help and version texts are printed unchanged`(_ program: String) throws {
        for arguments in [["--help"], ["--version"]] {
            let result = try Command.run(Products.path(program), arguments)
            #expect(result.status == 0 && result.errors == "", "\(result.errors)")
            #expect(result.output.contains(arguments == ["--help"] ? "USAGE: \(program)" : "0.1.0"))
        }
        guard program != "signetd" else { return }
        for command in program == "signet" ? [["ca", "list"], ["lint"]] : [["list"], ["ceremony", "run"]] {
            let help = try Command.run(Products.path(program), command + ["--help"])
            #expect(
                help.status == 0
                    && help.output.contains("USAGE: \(program) \(command.joined(separator: " "))"))
        }
        let wrong = try Command.run(Products.path(program), ["nothing"])
        #expect(
            wrong.status == 64 && wrong.errors.contains("Unexpected argument 'nothing'"), "\(wrong.errors)")
    }

    @Test func `the text in a ceremony file is escaped`() throws {
        let directory = try TemporaryDirectory()
        var yaml = try String(
            contentsOfFile: "\(Products.root)/HSMConfig/ceremonies/root.yaml", encoding: .utf8)
        let title = try #require(yaml.split(separator: "\n").first { $0.hasPrefix("title:") })
        yaml = yaml.replacing(
            String(title), with: #"title: "Root\e[2J\u009b\u202E\nceremony file  sha256 00""#
        )
        .replacing("2026-12-01", with: "2026-01-01")
        try directory.write("root.yaml", yaml)
        let plan = try Command.run(
            Products.path("signet-token"), ["ceremony", "plan", directory.path("root.yaml")])
        let text = plan.output + plan.errors
        #expect(text.contains("Root\\u{1B}[2J\\u{9B}\\u{202E}\\u{A}ceremony file"), "\(text)")
        #expect(!text.unicodeScalars.contains(where: Self.isHidden), "\(text)")
        #expect(text.split(separator: "\n").count { $0.hasPrefix("ceremony file ") } <= 1)
    }

    @Test func `a token's label is escaped, on the screen and in the prompt`() throws {
        let token = try SoftHSM(try TemporaryDirectory())
        let label = "x\u{1B}[2J\u{9B}\u{202E}\nSLOT"
        try Command.run(
            "softhsm2-util",
            ["--init-token", "--free", "--label", label, "--pin", SoftHSM.pin, "--so-pin", SoftHSM.pin],
            environment: token.environment
        ).require()
        let shown = "x\\u{1B}[2J\\u{9B}\\u{202E}\\u{A}SLOT"
        let list = ["list", "--module", SoftHSM.modulePath]
        let table = try Command.run(Products.path("signet-token"), list, environment: token.environment)
        #expect(table.output.contains(shown), "\(table.output)\(table.errors)")
        #expect(!table.output.unicodeScalars.contains(where: Self.isHidden), "\(table.output)")
        #expect(table.output.split(separator: "\n").count { $0.hasPrefix("SLOT") } == 1)
        let json = try Command.run(
            Products.path("signet-token"), list + ["--json"], environment: token.environment)
        #expect(!json.output.unicodeScalars.contains(where: Self.isHidden), "\(json.output)")
        let tokens = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(tokens?.contains { $0["label"] as? String == label } == true, "\(json.output)")
        // RFC 7512, section 2.3.
        let uri = "pkcs11:token=x%1B%5B2J%C2%9B%E2%80%AE%0ASLOT"
        let asked = try Terminal.run(
            [("user PIN of \(shown): ", SoftHSM.pin)], Products.path("signet-token"),
            ["keys", "--module", SoftHSM.modulePath, "--token", uri], environment: token.environment)
        #expect(asked.status == 0, "\(asked.output)\(asked.errors)")
    }

    @Test func `an event of the daemon's log is printed on one line`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let yaml = try daemon.directory.text("signetd.yaml")
        let name = #""x\e[2J\u009b\u202E\n2026-11-25T00:00:00+0000 critical signetd: forged.json""#
        try daemon.directory.write(
            "signetd.yaml", yaml.replacing("[administrator.json]", with: "[\(name)]"))
        kill(daemon.processIdentifier, SIGHUP)
        try await daemon.waitForEvent("PolicyReloadFailed")
        daemon.stop()
        let log = try daemon.log()
        #expect(log.contains("x\\u{1B}[2J\\u{9B}\\u{202E}\\u{A}2026-11-25"), "\(log)")
        #expect(!log.unicodeScalars.contains(where: Self.isHidden))
        #expect(!log.split(separator: "\n").contains { $0.hasPrefix("2026-11-25T00:00:00+0000 critical") })
    }
}
