import Foundation
import TestSupport
import Testing

/// Cases 12 and 13 of `Tests/Cases`, and similar ones: every fault that can be found before a key is made is
/// found then.
struct CeremonyFaultTests {
    /// A root on a token, made by a ceremony: its certificate is `issuer.pem`. Beside it is a request for
    /// another key.
    private struct Fixture {
        let directory: TemporaryDirectory
        let token: SoftHSM

        init(subject: String = "/C=SE/O=Example/CN=Bugs Issuing") throws {
            directory = try TemporaryDirectory()
            token = try SoftHSM(directory)
            try directory.write("root.yaml", Self.root)
            let made = try run("root.yaml")
            #expect(made.status == 0, "\(made.output)")
            let request = try Command.output(
                "openssl",
                [
                    "req", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-keyout",
                    directory.path("request.key"), "-subj", subject,
                ])
            try directory.write("request.csr", request)
        }

        static let officers = "officers:\n  - {name: Alice Example, role: officer}\n"
        static let issuing = "key: {algorithm: EC_secp384r1, identifier: \"526f6f7431\"}\n"

        /// A certificate that is valid from the start of a past year to a distant one.
        static let root = """
            title: root
            \(officers)key: {algorithm: EC_secp384r1, identifier: "526f6f7431", label: root-1}
            root:
              subject: {common-name: Bugs Root 2026, organization: Example, country: SE}
              not-before: "2026-01-01T00:00:00Z"
              not-after: "2056-01-01T00:00:00Z"
              path-length: 1
            output: {result: issuer.pem, transcript: root.jsonl}
            """

        func run(_ name: String) throws -> Command {
            try Terminal.run(
                [("Type your name to confirm: ", "Alice Example")], Products.path("signet-token"),
                [
                    "ceremony", "run", "--module", SoftHSM.modulePath, "--token", SoftHSM.uri, "--pin-file",
                    token.pinFile, directory.path(name),
                ], environment: token.environment)
        }

        func plan(_ name: String) throws -> Command {
            try Command.run(Products.path("signet-token"), ["ceremony", "plan", directory.path(name)])
        }

        /// The plan and the run refuse it with the same words, before an officer is asked and before anything
        /// is created.
        func expectRefusal(_ yaml: String, _ message: String) throws {
            try directory.write("ceremony.yaml", yaml)
            let before = try token.pkcs11Tool(["--list-objects"]).output
            let plan = try plan("ceremony.yaml")
            #expect(plan.status == 1 && plan.errors.contains(message), "\(plan.errors)")
            let run = try run("ceremony.yaml")
            #expect(run.status == 1 && run.output.contains(message), "\(run.output)")
            #expect(!run.output.contains("Type your name"), "\(run.output)")
            #expect(try token.pkcs11Tool(["--list-objects"]).output == before)
        }
    }

    private static func root(
        subject: String = "{common-name: Bugs Root 2027, organization: Example, country: SE}",
        from: String = "2026-01-01", to: String = "2046-12-01", key: String = "EC_secp384r1"
    ) -> String {
        """
        title: root
        \(Fixture.officers)key: {algorithm: \(key), identifier: "35", label: root-5}
        root:
          subject: \(subject)
          not-before: "\(from)T00:00:00Z"
          not-after: "\(to)T00:00:00Z"
          path-length: 1
        output: {result: fifth.pem, transcript: fifth.jsonl}
        """
    }

    private static func subordinate(from: String = "2026-02-01", to: String = "2036-12-01") -> String {
        """
        title: subordinate
        \(Fixture.officers)\(Fixture.issuing)subordinate:
          request: request.csr
          issuer: issuer.pem
          not-before: "\(from)T00:00:00Z"
          not-after: "\(to)T00:00:00Z"
          path-length: 0
        output: {result: s.pem, transcript: s.jsonl}
        """
    }

    /// - Parameter revoked: entries of the list
    private static func crl(
        _ revoked: [String], from: String = "2026-06-02", to: String = "2046-12-02"
    ) -> String {
        """
        title: crl
        \(Fixture.officers)\(Fixture.issuing)crl:
          issuer: issuer.pem
          number: 7
          this-update: "\(from)T00:00:00Z"
          next-update: "\(to)T00:00:00Z"
        \(revoked.isEmpty ? "" : "  revoked:\n" + revoked.map { "    - \($0)\n" }.joined())output: {result: c.pem, transcript: c.jsonl}
        """
    }

    @Test func `a name that no certificate may have is found before the key is made`() throws {
        let fixture = try Fixture()
        let long = String(repeating: "x", count: 65)
        // Case 12, fifth.yaml: a common name of 65 characters. A request is checked against the same rules.
        try fixture.expectRefusal(
            Self.root(subject: "{common-name: \(long), organization: Example}"),
            "the subject has an attribute CN of more than 64 characters")
        try fixture.expectRefusal(
            """
            title: request
            \(Fixture.officers)key: {algorithm: EC_prime256v1, identifier: "36", label: request-6}
            request:
              subject: {common-name: x, organization: \(long)}
            output: {result: fifth.csr, transcript: fifth.jsonl}
            """, "the subject has an attribute O of more than 64 characters")
        try fixture.expectRefusal(
            Self.root(subject: "{common-name: x, country: SWE}", key: "RSA_2048"),
            "the subject has an attribute C of more than 2 characters")
    }

    @Test func `a validity in the past is a fault of the file`() throws {
        let fixture = try Fixture()
        // Case 12, r-past.yaml.
        try fixture.expectRefusal(
            Self.root(from: "2020-01-01", to: "2021-01-01"),
            "the validity ended at 2021-01-01T00:00:00Z, before the ceremony")
        try fixture.expectRefusal(
            Self.subordinate(from: "2026-01-02", to: "2026-01-03"),
            "the validity ended at 2026-01-03T00:00:00Z")
    }

    @Test(arguments: [
        "{common-name: \"\", organization: Example}", "{common-name: x, organization: \"\"}",
        "{common-name: x, locality: \"  \"}", "{common-name: \"\\t\", country: SE}",
    ])
    func `an attribute without a value is a fault of the file`(_ subject: String) throws {
        let fixture = try Fixture()
        try fixture.expectRefusal(Self.root(subject: subject), "is empty; leave it out, or give it a value")
    }

    @Test(arguments: [
        "/C=SE/O=Example/CN=Bugs Root 2026", "/C=se/O=EXAMPLE/CN=bugs root 2026",
        "/C=SE/O=Example/CN=Bugs  Root   2026",
    ])
    func `a subordinate must have another name than its issuer`(_ subject: String) throws {
        // Case 12, s-same.yaml, and the names that RFC 5280, section 7.1, considers equal.
        let fixture = try Fixture(subject: subject)
        try fixture.expectRefusal(Self.subordinate(), "is the issuer's own name")
    }

    @Test func `a subordinate must be valid within the validity of its issuer`() throws {
        let fixture = try Fixture()
        // Case 12, s-before.yaml.
        try fixture.expectRefusal(
            Self.subordinate(from: "2025-12-31"),
            "`not-before` is before the issuer's certificate begins, 2026-01-01T00:00:00Z")
        try fixture.expectRefusal(
            Self.subordinate(to: "2056-01-02"),
            "`not-after` is after the issuer's certificate ends, 2056-01-01T00:00:00Z")
        try fixture.directory.write("ceremony.yaml", Self.subordinate(from: "2026-01-01", to: "2056-01-01"))
        let made = try fixture.run("ceremony.yaml")
        #expect(made.status == 0, "\(made.output)")
        let verified = try Command.run(
            "openssl",
            [
                "verify", "-x509_strict", "-CAfile", fixture.directory.path("issuer.pem"),
                fixture.directory.path("s.pem"),
            ])
        #expect(verified.status == 0, "\(verified.errors)")
    }

    @Test(arguments: [
        [
            "{serial-number: \"0a1b\", date: \"2026-05-01T00:00:00Z\"}",
            "{serial-number: \"000a1b\", date: \"2026-05-01T00:00:00Z\"}",
        ],
        [
            "{serial-number: \"0a1b\", date: \"2026-05-01T00:00:00Z\"}",
            "{serial-number: \"0A:1B\", date: \"2026-05-02T00:00:00Z\"}",
        ],
        [
            "{serial-number: \"05\", date: \"2026-05-01T00:00:00Z\"}",
            "{serial-number: \"00:00:05\", date: \"2026-05-02T00:00:00Z\"}",
        ],
    ])
    func `serial numbers in a CRL are compared as numbers`(_ revoked: [String]) throws {
        // Case 13, c-twice00.yaml.
        try Fixture().expectRefusal(Self.crl(revoked), "this serial number is there twice")
    }

    @Test func `dates and entries that a CRL cannot represent are faults of the file`() throws {
        let fixture = try Fixture()
        // Case 13, c-zero.yaml, c-fut.yaml, c-bef.yaml.
        for zero in ["00", "0000", "00:00"] {
            try fixture.expectRefusal(
                Self.crl(["{serial-number: \"\(zero)\", date: \"2026-05-01T00:00:00Z\"}"]), "is zero")
        }
        try fixture.expectRefusal(
            Self.crl(["{serial-number: \"0a1b\", date: \"2030-01-01T00:00:00Z\"}"]), "is after `this-update`")
        try fixture.expectRefusal(
            Self.crl(["{serial-number: \"0a1b\", date: \"2026-06-02T00:00:01Z\"}"]), "is after `this-update`")
        try fixture.expectRefusal(
            Self.crl([], from: "2020-01-01", to: "2021-01-01"),
            "the CRL ended at 2021-01-01T00:00:00Z, before the ceremony")
        for none in [
            "0a1", "0a:1", "0a::1b", ":0a1b", "0a1b:", "+a", "-1:0b", "xyz", "",
            String(repeating: "ab", count: 21),
        ] {
            try fixture.expectRefusal(
                Self.crl(["{serial-number: \"\(none)\", date: \"2026-05-01T00:00:00Z\"}"]),
                "must be 1 to 20 octets in hexadecimal")
        }
    }

    @Test func `a serial number may contain colons, and is shown before the officers confirm`() throws {
        let fixture = try Fixture()
        // Case 13, c-colon.yaml.
        try fixture.directory.write(
            "ceremony.yaml",
            Self.crl([
                "{serial-number: \"0a:1b\", date: \"2026-06-02T00:00:00Z\", reason: keyCompromise}",
                "{serial-number: \"00ff\", date: \"2026-05-01T00:00:00Z\"}",
            ]))
        let plan = try fixture.plan("ceremony.yaml")
        #expect(plan.status == 0, "\(plan.errors)")
        let made = try fixture.run("ceremony.yaml")
        #expect(made.status == 0, "\(made.output)")
        let beforehand = made.output.components(separatedBy: "Type your name")[0]
        for text in ["CRL number 7", "revoked (2):", "0a1b", "ff"] {
            #expect(beforehand.contains(text), "\(beforehand)")
        }
        let text = try Command.output(
            "openssl", ["crl", "-in", fixture.directory.path("c.pem"), "-noout", "-text"])
        #expect(text.contains("Serial Number: 0A1B") && text.contains("Serial Number: FF"), "\(text)")
        #expect(text.components(separatedBy: "Serial Number:").count == 3)
        let verified = try Command.run(
            "openssl",
            [
                "crl", "-in", fixture.directory.path("c.pem"), "-CAfile",
                fixture.directory.path("issuer.pem"), "-noout",
            ])
        #expect(verified.errors.contains("verify OK"))
    }

    @Test func `a plan finds existing output files and missing directories`() throws {
        let fixture = try Fixture()
        try fixture.directory.write("fifth.pem", "mine")
        try fixture.expectRefusal(Self.root(), "fifth.pem` is there already")
        try FileManager.default.removeItem(atPath: fixture.directory.path("fifth.pem"))
        try fixture.expectRefusal(
            Self.root().replacing("fifth.jsonl", with: "nowhere/fifth.jsonl"),
            "nowhere` is not there or cannot be written")
    }

    @Test func `a transcript still verifies after the validity of its certificate has ended`() throws {
        let fixture = try Fixture()
        // A file that was valid in 2020 must still verify today.
        let past = Fixture.root.replacing("2056-01-01", with: "2026-01-02")
        try fixture.directory.write("past.yaml", past)
        let verified = try Command.run(
            Products.path("signet-token"),
            [
                "ceremony", "verify", fixture.directory.path("root.jsonl"), "--ceremony",
                fixture.directory.path("past.yaml"),
            ])
        #expect(verified.errors.contains("is of another ceremony file"), "\(verified.errors)")
    }

    @Test(arguments: [(0o640, false), (0o604, false), (0o620, false), (0o600, true), (0o400, true)])
    func `an officer's key file that other users can read is refused`(_ mode: Int, _ isTaken: Bool) throws {
        let fixture = try Fixture()
        let key = fixture.directory.path("alice.pem")
        try Command.output("openssl", ["genpkey", "-algorithm", "ED25519", "-out", key])
        try Command.output(
            "openssl", ["pkey", "-in", key, "-pubout", "-out", fixture.directory.path("alice.pub")])
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: key)
        try fixture.directory.write(
            "ceremony.yaml",
            Self.root().replacing("role: officer}", with: "role: officer, public-key: alice.pub}"))
        let result = try Terminal.run(
            isTaken ? [("Type your name to confirm: ", "Alice Example")] : [], Products.path("signet-token"),
            [
                "ceremony", "run", "--module", SoftHSM.modulePath, "--token", SoftHSM.uri, "--pin-file",
                fixture.token.pinFile, "--officer-key", "Alice Example=\(key)",
                fixture.directory.path("ceremony.yaml"),
            ], environment: fixture.token.environment)
        #expect((result.status == 0) == isTaken, "\(result.output)")
        #expect(result.output.contains("can be read or written by others") != isTaken, "\(result.output)")
    }
}
