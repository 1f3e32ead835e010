import Foundation
import TestSupport
import Testing

/// The responder beside a real daemon: revocations, failures of the daemon, and hostile clients.
@Suite(.timeLimit(.minutes(10)))
struct ResponderTests {
    private static func check(_ lab: RevocationLab, _ options: [String] = ["--no-nonce"]) throws -> Command {
        try Command.run(Products.path("signet"), ["ocsp", "check", lab.files.path("good.pem")] + options)
    }

    private static func wait(_ condition: () throws -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(120)
        while try !condition() {
            guard ContinuousClock.now < limit else { throw CommandFailure(description: "it did not happen") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func get(_ lab: RevocationLab, _ path: String, _ options: [String] = []) throws -> Command
    {
        try Command.run(
            "curl",
            ["--silent", "--show-error", "--max-time", "60", "\(lab.responder?.url ?? "")\(path)"] + options)
    }

    /// DER of an OCSP request about the good certificate.
    private static func request(_ lab: RevocationLab, _ options: [String] = ["-no_nonce"]) throws -> String {
        let file = lab.files.path("request-\(UUID().uuidString)")
        try Command.output(
            "openssl",
            [
                "ocsp", "-issuer", lab.files.path("\(lab.tiers - 1).ca.pem"), "-cert",
                lab.files.path("good.pem"), "-reqout", file,
            ] + options)
        return file
    }

    @Test func `a revocation is answered, although a good response was kept`() async throws {
        let lab = try await RevocationLab(tiers: 2, hasOCSP: true)
        for _ in 0..<3 { #expect(try Self.check(lab).status == 0) }
        #expect(try Self.get(lab, "/metrics").output.contains("kind=\"cached\"}"))
        let text = try Command.output(
            "openssl", ["x509", "-noout", "-serial", "-in", lab.files.path("good.pem")])
        let serial = text.split(separator: "=").last.map { $0.trimmingCharacters(in: .newlines) } ?? ""
        try lab.daemon.signet(["certificate", "revoke", serial, "--reason", "superseded", "--yes"]).require()
        try await Self.wait { try Self.check(lab).status == 1 }
        let check = try Self.check(lab)
        #expect(check.output.contains("Status    revoked") && check.output.contains("superseded"), "\(check)")
        let json = try Self.check(lab, ["--json"])
        #expect(json.status == 1 && json.output.contains(#""reason" : "superseded""#), "\(json)")
        // The CRL and the authority's certificate are served too.
        let id = String(lab.issuing.suffix(36))
        for path in ["/crl/\(id).crl", "/ca/\(id).cer"] {
            let file = lab.files.path("document")
            #expect(try Self.get(lab, path, ["--fail", "--output", file]).status == 0, "\(path)")
            let form = path.hasPrefix("/crl") ? ["crl", "-inform", "DER"] : ["x509", "-inform", "DER"]
            try Command.output("openssl", form + ["-noout", "-in", file])
        }
        let shown = try Command.run(
            Products.path("signet"), ["crl", "show", "\(lab.responder?.url ?? "")/crl/\(id).crl"])
        #expect(shown.status == 0 && shown.output.contains(serial.lowercased()), "\(shown)")
        let missing = try Command.run(
            Products.path("signet"), ["crl", "show", "\(lab.responder?.url ?? "")/crl/x.crl"])
        #expect(missing.status == 69 && missing.errors.contains("has the status 404"), "\(missing)")
    }

    @Test func `while the daemon is away what is kept is served, and a killed batch is concluded`()
        async throws
    {
        let lab = try await RevocationLab(tiers: 2, hasOCSP: true)
        #expect(try Self.check(lab).status == 0)
        lab.daemon.stop(SIGKILL)
        #expect(try Self.check(lab).status == 0)
        // A nonce cannot be signed, and the kept response has none.
        let nonce = try Self.check(lab, [])
        #expect(nonce.status == 0 && nonce.output.contains("not echoed"), "\(nonce)")
        let other = try Command.run(
            Products.path("signet"), ["ocsp", "check", lab.files.path("revoked.pem"), "--no-nonce"])
        #expect(other.status == 1 && other.errors.contains("tryLater"), "\(other)")
        let health = try Self.get(lab, "/health/ready").output
        #expect(health.hasPrefix("degraded: the daemon has given no status for"), "\(health)")
        try lab.daemon.start()
        try await Self.wait { try Self.check(lab, []).output.contains("Nonce     echoed") }
        #expect(try Self.get(lab, "/health/ready").output == "ready\n")
        let events = try lab.daemon.signet(["audit", "list", "--action", "SignatureOutcome", "--json"]).output
        #expect(
            events.contains(#""signatures":"100000""#) || events.contains(#""signatures": "100000""#),
            "\(events)")
    }

    @Test func `hostile clients are refused, and an honest one is answered meanwhile`() async throws {
        let lab = try await RevocationLab(tiers: 2, hasOCSP: true)
        let result = try Command.run(
            Products.python,
            [
                "\(Products.root)/Tests/IntegrationTests/Python/hostile_status.py", "127.0.0.1",
                "\(lab.responder?.port ?? 0)", try Self.request(lab),
            ])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        let events = try lab.daemon.signet(["audit", "list", "--action", "GetOCSPResponse", "--json"]).output
        #expect(events.isEmpty, "a status request is an event: \(events)")
    }

    @Test func `many nonces grow the log by batches only`() async throws {
        let lab = try await RevocationLab(tiers: 2, hasOCSP: true)
        func size() throws -> Int {
            let list = try lab.daemon.signet(["audit", "list", "--newest", "1"]).output
            let line = try #require(list.split(separator: "\n").last)
            return try #require(Int(line.prefix { $0 != " " }), "\(list)")
        }
        let octets = try Data(contentsOf: URL(fileURLWithPath: try Self.request(lab, ["-nonce"])))
        let text = octets.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        try lab.files.write(
            "post.lua",
            """
            wrk.method = "POST"
            wrk.body = "\(text)"
            wrk.headers["Content-Type"] = "application/ocsp-request"
            """)
        let before = try size()
        let seconds = ProcessInfo.processInfo.environment["SIGNET_LONG"] == "1" ? 60 : 5
        let load = try Command.output(
            "wrk",
            [
                "-t1", "-c16", "-d\(seconds)s", "-s", lab.files.path("post.lua"), lab.responder?.url ?? "",
            ])
        let requests = load.firstMatch(of: /(\d+) requests in/).flatMap { Int($0.1) } ?? 0
        #expect(requests > 100, "\(load)")
        let metrics = try Self.get(lab, "/metrics").output
        let live = metrics.firstMatch(of: /kind="live"} (\d+)/).flatMap { Int($0.1) } ?? 0
        #expect(live > requests / 2, "\(metrics)")
        // Two events for each batch, of at most a minute and 100,000 responses; the commands are recorded too.
        let grown = try size() - before
        #expect(
            grown <= 2 * (seconds / 60 + requests / 100_000 + 2) + 4, "\(requests) requests, \(grown) events")
    }

    @Test func `wrong options, and a certificate that names no responder, are said so`() throws {
        let files = try TemporaryDirectory()
        let program = Products.path("signet-responder")
        for (options, status, text) in [
            (["--directory", files.path("missing")], 78 as Int32, "cannot be read"),
            (["--directory", files.path, "--listen", "nowhere"], 64, "--listen must be HOST:PORT"),
            (["--directory", files.path, "--listen", "::1:80"], 64, "--listen must be HOST:PORT"),
            (["--directory", files.path, "--cache", "0"], 64, "--cache must be"),
            (["--directory", files.path, "--listen", "192.0.2.1:1"], 69, "cannot go on"),
        ] {
            let result = try Command.run(program, options)
            #expect(result.status == status && result.errors.contains(text), "\(options): \(result)")
        }
        let key = files.path("key.pem")
        try Command.output(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                key,
                "-out", files.path("a.pem"), "-subj", "/CN=a",
            ])
        let none = try Command.run(Products.path("signet"), ["ocsp", "check", files.path("a.pem")])
        #expect(none.status == 64 && none.errors.contains("the certificate of the issuer is not there"))
        let unnamed = try Command.run(
            Products.path("signet"),
            ["ocsp", "check", files.path("a.pem"), "--issuer", files.path("a.pem")])
        #expect(unnamed.status == 64 && unnamed.errors.contains("names no OCSP responder"), "\(unnamed)")
        let gone = try Command.run(
            Products.path("signet"),
            [
                "ocsp", "check", files.path("a.pem"), "--issuer", files.path("a.pem"), "--url",
                "http://127.0.0.1:1",
            ])
        #expect(gone.status == 69 && gone.errors.contains("does not answer"), "\(gone)")
    }
}
