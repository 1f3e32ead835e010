import Foundation
import TestSupport
import Testing

/// `signet certificate issue` as a service runs it.
struct CertificateIssueTests {
    @Test func `a certificate is written with its key and renewed when it is due`() async throws {
        let fixture = try await ServiceFixture()
        let first = try fixture.renew(["--renew-before", "10d"])
        #expect(first.status == 0 && first.output.contains("written: `\(fixture.certificate)`"), "\(first)")
        try Command.output(
            "openssl",
            [
                "verify", "-CAfile", fixture.host.path("root.pem"), "-untrusted", fixture.certificate,
                "-verify_hostname", "web.example.test", fixture.certificate,
            ])
        let before = try fixture.files()
        let again = try fixture.renew(["--renew-before", "10d"])
        #expect(again.status == 0 && again.output.contains("nothing to do"), "\(again)")
        #expect(try fixture.files() == before)
        let due = try fixture.renew(["--renew-before", "31d"])
        #expect(due.status == 0 && due.output.contains("written"), "\(due)")
        #expect(try fixture.files()["web.key"] != before["web.key"])
        let json = try fixture.renew(["--renew-before", "1d", "--json"])
        #expect(json.output.contains(#""Status" : "NOTHING_TO_DO""#), "\(json.output)")
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a certificate of another authority or without a name of the request is renewed at once`()
        async throws
    {
        let fixture = try await ServiceFixture()
        func renew(_ ca: String) throws -> Command { try fixture.renew(["--renew-before", "1d"], ca: ca) }
        #expect(try renew(fixture.issuing).output.contains("written"))
        #expect(try renew(fixture.issuing).output.contains("nothing to do"))
        #expect(try renew(fixture.root).output.contains("written"))
        #expect(try renew(fixture.root).output.contains("nothing to do"))
        let unknown = try renew("No CA")
        #expect(unknown.status == 66 && unknown.errors.contains("no authority has"), "\(unknown)")

        func request(_ names: String) throws -> [String] {
            try Command.output(
                "openssl",
                [
                    "req", "-new", "-key", fixture.key, "-subj", "/CN=a", "-addext",
                    "subjectAltName=\(names)", "-out", fixture.host.path("web.csr"),
                ])
            return [
                "certificate", "issue", "--ca", fixture.root, "--csr", fixture.host.path("web.csr"),
                "--output", fixture.host.path("csr.pem"), "--renew-before", "1d", "--days", "30",
            ]
        }
        let two = "DNS:a.example.test,DNS:b.example.test"
        for (names, outcome) in [
            ("DNS:a.example.test", "written"), (two, "written"), (two, "nothing to do"),
            ("DNS:b.example.test", "nothing to do"),
        ] {
            let result = try fixture.daemon.signet(request(names))
            #expect(result.status == 0 && result.output.contains(outcome), "\(names): \(result)")
        }
        try fixture.host.write("passthrough.json", "{}")
        let replaced = try fixture.daemon.signet(
            request("DNS:c.example.test") + ["--api-passthrough", fixture.host.path("passthrough.json")])
        #expect(replaced.output.contains("nothing to do"), "\(replaced)")

        #expect(fixture.daemon.stop() == 0)
        let alone = try renew(fixture.issuing)
        #expect(alone.status == 0 && alone.output.contains("nothing to do"), "\(alone)")
        #expect(alone.errors.contains("note: the issuer of the certificate in the file was not compared"))
    }

    @Test func `a validity is counted in hours, and has other forms of time`() async throws {
        let fixture = try await ServiceFixture()
        try fixture.renew(["--hours", "2"]).require()
        let soon = try Command.run(
            "openssl", ["x509", "-checkend", "7300", "-noout", "-in", fixture.certificate])
        let now = try Command.run(
            "openssl", ["x509", "-checkend", "7000", "-noout", "-in", fixture.certificate])
        #expect(soon.status == 1 && now.status == 0)
        for end in ["2030-01-01T00:00:00Z", "2030-01-01", "20300101000000"] {
            let issued = try fixture.daemon.signet([
                "certificate", "issue", "--ca", fixture.root, "--key", fixture.key, "--dns",
                "web.example.test",
                "--end-date", end, "--not-before", "10m",
            ])
            try issued.require()
            let text = try Command.output(
                "openssl", ["x509", "-noout", "-enddate"], input: Data(issued.output.utf8))
            #expect(text == "notAfter=Jan  1 00:00:00 2030 GMT\n", "\(end)")
        }
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `authorities have several names, and one that fits two is refused`() async throws {
        let fixture = try await ServiceFixture()
        try fixture.daemon.signet(["ca", "tag", "Example Issuing CA", "purpose=web"]).require()
        let id = try #require(fixture.issuing.split(separator: "/").last.map(String.init))
        for name in [id, "Example Issuing CA", "tag:purpose=web"] {
            try fixture.renew(ca: name).require()
            #expect(try fixture.daemon.signet(["ca", "describe", name]).output.contains(fixture.issuing))
        }
        let none = try fixture.renew(ca: "Example")
        #expect(none.status == 66 && none.errors.contains("no authority has"), "\(none.errors)")
        try await fixture.daemon.client { client in
            let second = try await client.createAuthority("SUBORDINATE", commonName: "Example Issuing CA")
            try await client.activate(
                second, by: fixture.root, template: "SubordinateCACertificate_PathLen0/V1")
        }
        let two = try fixture.renew(ca: "Example Issuing CA")
        #expect(two.status == 64 && two.errors.contains("fits 2 authorities"), "\(two.errors)")
        #expect(two.errors.contains(fixture.issuing))
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `failures have their exit status, and leave the files as they were`() async throws {
        let fixture = try await ServiceFixture.limited()
        try fixture.renew().require()
        let before = try fixture.files()
        func check(_ arguments: [String], _ status: Int32, _ message: String) throws {
            let result = try fixture.renew(arguments)
            #expect(result.status == status && result.errors.contains(message), "\(arguments): \(result)")
            #expect(try fixture.files() == before, "\(arguments)")
        }
        try check(["--dns", "denied.example.test"], 77, "signet policy explain --event ")
        try check(["--dns", "approved.example.test"], 75, "signet approval list")
        try check(["--template", "NoSuch/V1"], 66, "there is no template `NoSuch/V1`")
        try check(["--renew-before", "soon"], 64, "renew-before")
        try check(["--ip", "1.2.3"], 64, "is no IP address")
        try check(["--reload", "exit 7"], 1, "ended with status 7; the files are as they were")
        let nowhere = try fixture.daemon.signet([
            "certificate", "issue", "--ca", fixture.issuing, "--csr", fixture.host.path("none.csr"), "--days",
            "1",
        ])
        #expect(
            nowhere.status == 66 && nowhere.errors.contains("none.csr` does not exist"), "\(nowhere.errors)")
        try Command.output("mkdir", ["--mode=0777", fixture.host.path("shared")])
        let shared = try fixture.daemon.signet([
            "certificate", "issue", "--ca", fixture.issuing, "--key", fixture.key, "--dns", "a.example.test",
            "--days", "1", "--output", fixture.host.path("shared/web.pem"),
        ])
        #expect(shared.status == 77 && shared.errors.contains("others can write"), "\(shared.errors)")
        try Command.output("rmdir", [fixture.host.path("shared")])
        #expect(fixture.daemon.stop() == 0)
        try check([], 69, "cannot be reached")
    }

    @Test func `an id is an id, whatever the names of other authorities are`() async throws {
        let fixture = try await ServiceFixture()
        let id = try #require(fixture.issuing.split(separator: "/").last.map(String.init))
        try fixture.daemon.signet(["ca", "create", "--root", "--subject", "CN=\(id)", "--activate"]).require()
        #expect(try fixture.daemon.signet(["ca", "describe", id]).output.contains(fixture.issuing))
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a request comes through a pipe, and output that is lost is a failure`() async throws {
        let fixture = try await ServiceFixture()
        try fixture.host.write("web.csr", try OpenSSLRequest.make())
        let signet = Products.path("signet")
        let base = "certificate issue --ca \(fixture.issuing) --days 1 --socket \(fixture.daemon.socketPath)"
        for line in [
            "cat \(fixture.host.path("web.csr")) | \(signet) \(base) --csr -",
            "cat \(fixture.host.path("web.csr")) | \(signet) \(base) --csr /dev/stdin",
        ] {
            let piped = try Command.run("sh", ["-c", line])
            #expect(piped.status == 0 && piped.output.contains("BEGIN CERTIFICATE"), "\(piped)")
        }
        let lost = try Command.run(
            "sh", ["-c", "\(signet) \(base) --csr \(fixture.host.path("web.csr")) > /dev/full"])
        #expect(lost.status == 1 && lost.errors.contains("the output cannot be written"), "\(lost)")
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `options that contradict each other are named`() async throws {
        let fixture = try await ServiceFixture()
        let base = ["certificate", "issue", "--ca", fixture.issuing, "--days", "1"]
        let cases = [
            (["--csr", "a", "--key", "b"], "Give one of --csr and --key"),
            ([], "Give one of --csr and --key"), (["--key", "b"], "Give the names of the certificate"),
            (["--csr", "a", "--dns", "x"], "a request of --csr has its own"),
            (["--key", "b", "--dns", "x", "--new-key", "ec"], "--new-key needs --output"),
            (["--csr", "a", "--reload", "true"], "need --output"),
            (["--csr", "a", "--output", "b", "--no-wait"], "--output waits"),
            (["--csr", "a", "--output", "b", "--chain"], "--chain prints the root"),
            (["--csr", "a", "--hours", "1"], "Give one of --hours"),
        ]
        for (arguments, message) in cases {
            let result = try fixture.daemon.signet(base + arguments)
            #expect(result.status == 64 && result.errors.contains(message), "\(arguments): \(result.errors)")
        }
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a server certificate without a subjectAltName is warned of`() async throws {
        let fixture = try await ServiceFixture()
        let csr = try OpenSSLRequest.make(names: nil)
        try fixture.host.write("plain.csr", csr)
        let arguments = [
            "certificate", "issue", "--ca", fixture.issuing, "--csr", fixture.host.path("plain.csr"),
        ]
        let plain = try fixture.daemon.signet(arguments + ["--days", "1"])
        #expect(plain.status == 0 && plain.errors.contains("has no subjectAltName"), "\(plain)")
        let client = try fixture.daemon.signet(
            arguments + ["--days", "1", "--template", "EndEntityClientAuthCertificate/V1"])
        #expect(client.status == 0 && !client.errors.contains("warning"), "\(client)")
        #expect(fixture.daemon.stop() == 0)
    }
}
