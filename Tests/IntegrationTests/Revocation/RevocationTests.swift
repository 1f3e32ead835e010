import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Revocation with a real daemon: the command, a server that refuses at once, crashes, and a restore.
@Suite(.timeLimit(.minutes(10)))
struct RevocationRoadTests {
    private static func serial(_ file: String) throws -> String {
        let text = try Command.output("openssl", ["x509", "-noout", "-serial", "-in", file])
        return text.split(separator: "=").last.map { $0.trimmingCharacters(in: .newlines).lowercased() } ?? ""
    }

    /// The CRL number in the file that the daemon published, and how many entries it has.
    private static func published(_ daemon: Daemon, _ authority: String) throws -> (
        number: Int64, entries: Int
    ) {
        let file = daemon.directory.path("published/crl/\(authority.suffix(36)).crl")
        let text = try Command.output("openssl", ["crl", "-inform", "DER", "-in", file, "-noout", "-text"])
        let number = try #require(text.firstMatch(of: /CRL Number:\s+(0x[0-9A-F]+|[0-9]+)/)).1
        let value = number.hasPrefix("0x") ? Int64(number.dropFirst(2), radix: 16) : Int64(number)
        return (try #require(value), text.matches(of: /Serial Number:/).count)
    }

    private static func wait(_ condition: () throws -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while try !condition() {
            guard ContinuousClock.now < limit else { throw CommandFailure(description: "it did not happen") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Certificates that were issued, by their ARNs.
    private static func issue(_ count: Int, by authority: String, _ daemon: Daemon) async throws -> [String] {
        let csr = try OpenSSLRequest.make()
        return try await daemon.client { client in
            var arns: [String] = []
            for _ in 0..<count {
                arns.append(
                    try await client.call(
                        IssueCertificateOperation.self,
                        .init(
                            certificateAuthorityArn: authority, csr: Blob(Array(csr.utf8)),
                            signingAlgorithm: "SHA256WITHECDSA", templateArn: nil,
                            validity: ValidityShape(value: 30, type: "DAYS"))
                    ).certificateArn)
            }
            return arns
        }
    }

    @Test func `nginx refuses a revoked client after the bundle's reload`() async throws {
        let lab = try await RevocationLab(tiers: 2)
        let server = try TLSServer.nginx(lab, certificate: "good", verifiesClients: true)
        #expect(try server.request(client: "good"))
        let serial = try Self.serial(lab.files.path("good.pem"))
        try lab.daemon.signet(["certificate", "revoke", serial, "--reason", "superseded", "--yes"]).require()
        func bundle() throws -> Command {
            try lab.daemon.signet([
                "crl", "bundle", "--ca", lab.issuing, "--output", lab.files.path("clients.crl"), "--reload",
                server.reload,
            ])
        }
        try await Self.wait { try bundle().output.hasPrefix("written:") }
        try await Self.wait { try !server.request(client: "good") }
        #expect(try bundle().output.hasPrefix("nothing to do"))
        // A reload that fails leaves the file as it was.
        let before = try lab.files.text("clients.crl")
        _ = try await Self.issue(1, by: lab.issuing, lab.daemon)
        let other = try Self.serial(lab.files.path("revoked.pem"))
        #expect(other != serial)
        let arns = try await Self.issue(1, by: lab.issuing, lab.daemon)
        try lab.daemon.signet(["certificate", "revoke", arns[0], "--reason", "superseded", "--yes"]).require()
        try await Self.wait {
            let result = try lab.daemon.signet([
                "crl", "bundle", "--ca", lab.issuing, "--output", lab.files.path("clients.crl"), "--reload",
                "exit 3",
            ])
            return result.status == 1 && result.errors.contains("ended with status 3; the file is as it was")
        }
        #expect(try lab.files.text("clients.crl") == before)
    }

    @Test func `a bundle lacks no authority, and takes the CRL of an offline root`() async throws {
        let lab = try await RevocationLab(tiers: 2)
        // An authority of another daemon: nothing here knows its root.
        let other = try await RevocationLab(tiers: 2)
        let chain = ["crl", "bundle", "--ca", lab.issuing]
        try lab.daemon.signet(chain + ["--add", other.files.path("0.crl.pem")]).require()
        let file = lab.files.path("x.crl")
        let cut = try lab.files.text("0.crl.pem").dropLast(40)
        try lab.files.write("cut.pem", String(cut))
        let refused = try lab.daemon.signet(chain + ["--add", lab.files.path("cut.pem"), "--output", file])
        #expect(refused.status == 64 && refused.errors.contains("is not a CRL"), "\(refused)")
        #expect(!FileManager.default.fileExists(atPath: file))
        let nowhere = try lab.daemon.signet(chain + ["--output", lab.files.path("missing/x.crl")])
        #expect(nowhere.status == 66, "\(nowhere)")
    }

    @Test func `a certificate's own key ends it, also one that was signed elsewhere`() async throws {
        let lab = try await RevocationLab(tiers: 2)
        let files = lab.files
        func revoke(_ certificate: String, _ key: String) throws -> Command {
            try lab.daemon.signet([
                "certificate", "revoke", files.path(certificate), "--key", files.path(key), "--ca",
                lab.issuing,
                "--reason", "key-compromise",
            ])
        }
        let other = try revoke("good.pem", "revoked.key")
        #expect(other.status == 64 && other.errors.contains("is not the key of"), "\(other)")
        try revoke("good.pem", "good.key").require()
        let again = try revoke("good.pem", "good.key")
        #expect(again.status == 1 && again.errors.contains("is already revoked"), "\(again)")
        let foreign = try lab.daemon.signet([
            "certificate", "import", "--ca", lab.issuing, files.path("0.ca.pem"),
        ])
        #expect(foreign.status == 1 && foreign.errors.contains("is not signed by"), "\(foreign)")
        let known = try lab.daemon.signet([
            "certificate", "import", "--ca", lab.issuing, files.path("good.pem"), "--json",
        ])
        #expect(known.errors.contains("is not signed by"), "the chain is in the file: \(known)")
        let described = try lab.daemon.signet(["ca", "describe", lab.issuing]).output
        #expect(described.contains("Newest CRL    number ") && described.contains("Responder     none"))
    }

    @Test func `the CRL of an offline root is imported once, and is in every bundle`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let files = try TemporaryDirectory()
        func openssl(_ arguments: String) throws {
            try Command.output("bash", ["-c", "cd \(files.path) && openssl \(arguments)"])
        }
        try files.write(
            "ca.cnf",
            """
            [ca]
            default_ca = offline
            [offline]
            database = index
            crlnumber = number
            default_md = sha256
            default_crl_days = 90
            """)
        try files.write("index", "")
        try files.write("number", "01")
        try files.write(
            "sub.ext",
            "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
        )
        try openssl(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj /CN=Offline -days 3650 -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign"
        )
        let created = try daemon.signet(["ca", "create", "--subordinate", "--subject", "CN=Below"])
        let arn = created.output.trimmingCharacters(in: .newlines)
        try files.write("below.csr", try daemon.signet(["ca", "csr", arn]).output)
        try openssl(
            "x509 -req -in below.csr -CA root.pem -CAkey root.key -CAcreateserial -days 1825 -extfile sub.ext -out below.pem"
        )
        try daemon.signet([
            "ca", "import", arn, "--certificate", files.path("below.pem"), "--chain", files.path("root.pem"),
        ]).require()
        try openssl("ca -gencrl -config ca.cnf -keyfile root.key -cert root.pem -out root.crl")
        try await Self.wait { try daemon.signet(["crl", "show", "--ca", arn]).status == 0 }
        let bundle = ["crl", "bundle", "--ca", arn, "--output", files.path("bundle.pem")]
        let without = try daemon.signet(bundle)
        #expect(without.status != 0 && without.errors.contains("Offline"), "\(without)")
        let imported = try daemon.signet(["crl", "import", "--ca", arn, files.path("root.crl")])
        #expect(imported.status == 0 && imported.output.contains("the CRL of `CN=Offline`"), "\(imported)")
        try daemon.signet(bundle).require()
        #expect(try files.text("bundle.pem").matches(of: /BEGIN X509 CRL/).count == 2)
        // The next one is newer, and then the first is too old.
        try openssl("ca -gencrl -config ca.cnf -keyfile root.key -cert root.pem -out next.crl")
        try daemon.signet(["crl", "import", "--ca", arn, files.path("next.crl")]).require()
        let older = try daemon.signet(["crl", "import", "--ca", arn, files.path("root.crl")])
        #expect(older.status == 1 && older.errors.contains("older than the one that is there"), "\(older)")
        // OpenSSL verifies a certificate of the authority with the bundle.
        try daemon.signet([
            "certificate", "issue", "--ca", arn, "--key", files.path("leaf.key"), "--new-key", "ec", "--dns",
            "a.example.test", "--days", "30", "--output", files.path("leaf.pem"),
        ]).require()
        let verified = try Command.run(
            "openssl",
            [
                "verify", "-crl_check_all", "-CAfile", files.path("root.pem"), "-untrusted",
                files.path("below.pem"), "-CRLfile", files.path("bundle.pem"), files.path("leaf.pem"),
            ])
        #expect(verified.status == 0, "\(verified)")
    }

    @Test func `many certificates are revoked from the auditor's list`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let arns = try await Self.issue(60, by: root, daemon)
        let list = try daemon.signet(["audit", "certificates", "--since", "1d", "--json"])
        try list.require()
        // Without the root's own, which cannot be revoked.
        let all = try #require(
            try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]])
        let leaves = all.filter { ($0["TemplateArn"] as? String)?.contains("RootCA") == false }
        #expect(leaves.count == 60)
        try daemon.directory.write(
            "lost.json", String(decoding: try JSONSerialization.data(withJSONObject: leaves), as: UTF8.self))
        let command = ["certificate", "revoke", "--reason", "privilege-withdrawn", "--yes", "--from"]
        let file = daemon.directory.path("lost.json")
        let first = try daemon.signet(command + [file, "--json"])
        try first.require()
        let report = try JSONSerialization.jsonObject(with: Data(first.output.utf8)) as? [String: [String]]
        #expect(report?["Revoked"]?.sorted() == arns.sorted())
        #expect(first.errors.contains("50 of 60"))
        let again = try daemon.signet(command + [file])
        #expect(again.status == 0 && again.output.matches(of: /revoked before/).count == 60)
        try await Self.wait { try Self.published(daemon, root).entries == 60 }
        for (text, status) in [("{}", 64), ("[{}]", 64), (#"["arn:aws:x"]"#, 64), ("[", 64)]
            as [(String, Int32)]
        {
            try daemon.directory.write("bad.json", text)
            #expect(
                try daemon.signet(command + [daemon.directory.path("bad.json")]).status == status, "\(text)")
        }
        #expect(try daemon.signet(command + [daemon.directory.path("none.json")]).status == 66)
        // Without a terminal and without --yes nothing is revoked.
        let fresh = try await Self.issue(1, by: root, daemon)
        let asked = try daemon.signet(["certificate", "revoke", fresh[0], "--reason", "superseded"])
        #expect(asked.status == 64 && asked.errors.contains("no terminal"), "\(asked)")
        #expect(
            try daemon.signet(["certificate", "revoke", root, "--reason", "superseded", "--yes"]).status == 64
        )
    }

    @Test func `a daemon that is killed while it publishes goes on with a higher number`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        var arns = try await Self.issue(8, by: root, daemon)
        try await Self.wait { (try? Self.published(daemon, root)) != nil }
        var last = try Self.published(daemon, root)
        let rounds = ProcessInfo.processInfo.environment["SIGNET_LONG"] == nil ? 8 : 60
        for round in 0..<rounds {
            if arns.isEmpty { arns = try await Self.issue(8, by: root, daemon) }
            let arn = arns.removeLast()
            try await daemon.client { client in
                _ = try await client.call(
                    RevokeCertificateOperation.self,
                    .init(
                        certificateAuthorityArn: root, certificateSerial: String(arn.suffix(32)),
                        revocationReason: "SUPERSEDED"))
            }
            // At another point of the publication each time.
            usleep(UInt32(round) * 700)
            daemon.stop(SIGKILL)
            let left = try Self.published(daemon, root)
            #expect(left.number >= last.number, "an older CRL")
            try daemon.start()
            try await Self.wait { try Self.published(daemon, root).entries == last.entries + 1 }
            let next = try Self.published(daemon, root)
            #expect(next.number > last.number)
            last = next
        }
        // Every intent has an outcome.
        let events = try daemon.events(ofDaemon: true)
        let intents = events.filter { $0["eventName"] as? String == "SignatureIntent" }
        let outcomes = events.filter {
            ["GenerateCRL", "SignatureOutcome"].contains($0["eventName"] as? String ?? "")
        }
        func ids(_ events: [[String: Any]]) -> Set<String> {
            Set(events.compactMap { ($0["serviceEventDetails"] as? [String: Any])?["intentID"] as? String })
        }
        #expect(ids(intents) == ids(outcomes))
    }

    @Test func `a restored database gets back a hundred revocations from the published CRL`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let arns = try await Self.issue(100, by: root, daemon)
        let configuration = daemon.directory.path("signetd.yaml")
        let backup = daemon.directory.path("monday.sqlite")
        try Command.run(Products.path("signetd"), ["backup", backup, "--config", configuration]).require()
        try await daemon.client { client in
            for arn in arns {
                _ = try await client.call(
                    RevokeCertificateOperation.self,
                    .init(
                        certificateAuthorityArn: root, certificateSerial: String(arn.suffix(32)),
                        revocationReason: "KEY_COMPROMISE"))
            }
        }
        try await Self.wait { try Self.published(daemon, root).entries == 100 }
        let before = try Self.published(daemon, root)
        daemon.stop()
        try Command.run(Products.path("signetd"), ["restore", backup, "--config", configuration]).require()
        try daemon.start()
        try await Self.wait { try Self.published(daemon, root).number > before.number }
        #expect(try Self.published(daemon, root).entries == 100)
        let restored = try daemon.events().filter { $0["eventName"] as? String == "RevocationRestored" }
        #expect(restored.count == 100)
        let again = try daemon.signet(["certificate", "revoke", arns[0], "--reason", "superseded", "--yes"])
        #expect(again.errors.contains("RequestAlreadyProcessedException"), "\(again)")
    }

    @Test func `a directory that cannot be written is told, and mended`() async throws {
        let daemon = try Daemon()
        try Command.output("mkdir", [daemon.directory.path("public")])
        try daemon.extend(
            """
            revocation:
              directory: public
              url: http://crl.example.test
              buckets:
                crls: {directory: \(daemon.directory.path("bucket")), url: "http://b.example.test"}
            """)
        let missing = try Command.run(
            Products.path("signetd"), ["--check", "--config", daemon.directory.path("signetd.yaml")])
        #expect(
            missing.status == 78
                && missing.errors.contains(
                    "`\(daemon.directory.path("bucket"))` of the bucket `crls` is not there"),
            "\(missing)")
        try Command.output("mkdir", [daemon.directory.path("bucket")])
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let name = "crl/\(root.suffix(36)).crl"
        try await Self.wait {
            FileManager.default.fileExists(atPath: daemon.directory.path("public/\(name)"))
        }
        // A file in the place of the bucket's directory of CRLs.
        try daemon.directory.write("bucket/crl", "x")
        try daemon.signet(["ca", "update", root, "--crl-days", "3", "--crl-bucket", "crls"]).require()
        try await daemon.waitForEvent("CRLNotPublished")
        try await Self.wait { try daemon.health().hasSuffix("\r\ndegraded: publish-crls FAILING\n") }
        #expect(try daemon.signet(["job", "list"]).output.contains("publish-crls"))
        try Command.output("rm", [daemon.directory.path("bucket/crl")])
        try await Self.wait {
            FileManager.default.fileExists(atPath: daemon.directory.path("bucket/\(name)"))
        }
        try await daemon.waitUntilReady()
        let copies = try [daemon.directory.path("bucket/\(name)"), daemon.directory.path("public/\(name)")]
            .map {
                try Data(contentsOf: URL(fileURLWithPath: $0))
            }
        #expect(copies[0] == copies[1])
    }
}
