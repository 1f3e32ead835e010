import Foundation
import TestSupport
import Testing
import WireAPI

/// What the daemon accepts from ceremonies.
struct CeremonyAdoptionTests {
    @Test func `a request that was replaced after the rehearsal or after the ceremony is detected`() throws {
        let fixture = try CeremonyFixture()
        for name in ["root", "request"] { #expect(try fixture.run(name).status == 0) }
        let prediction = fixture.directory.path("subordinate.prediction")
        #expect(try fixture.plan("subordinate", ["--output", prediction]).status == 0)
        let csr = try fixture.directory.text("example-issuing-1.csr")
        let subject = try Command.output(
            "openssl",
            [
                "req", "-in", fixture.directory.path("example-issuing-1.csr"), "-noout", "-subject",
                "-nameopt",
                "compat",
            ])
        let other = try Command.output(
            "openssl",
            [
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                fixture.directory.path("other.key"), "-subj",
                String(subject.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst("subject=".count)),
            ])
        try fixture.directory.write("example-issuing-1.csr", other)
        let exchanged = try fixture.run("subordinate", ["--predicted", prediction], answers: [])
        #expect(
            exchanged.status == 1 && exchanged.output.contains("step 1, Ceremony, is not as"), "\(exchanged)")
        try fixture.directory.write("example-issuing-1.csr", csr)
        try FileManager.default.removeItem(
            atPath: fixture.directory.path("example-issuing-1-certificate.jsonl"))
        #expect(try fixture.run("subordinate", ["--predicted", prediction]).status == 0)
        let transcript = "example-issuing-1-certificate.jsonl"
        let ceremony = ["--ceremony", fixture.directory.path("subordinate.yaml")]
        let held = try fixture.verify(transcript, ceremony)
        #expect(held.status == 0 && held.output.contains("Its SHA-256 is "), "\(held.errors)")
        try fixture.directory.write("example-issuing-1.csr", other)
        #expect(try fixture.verify(transcript, ceremony).errors.contains("not those that the ceremony used"))
    }

    @Test func `a failed adoption does not block the key for the next one`() throws {
        let fixture = try CeremonyFixture()
        #expect(try fixture.run("root").status == 0)
        let root = fixture.directory.path("example-root-2026.pem")
        let script = fixture.directory.path("script")
        try fixture.directory.write("script", "C_Sign * return 0x30\n")
        let daemon = try Daemon(
            tokens: """
                      SIGNET_FAULTY_MODULE: \(SoftHSM.modulePath)
                      SIGNET_FAULTY_CONTROL: \(script)
                    security-standard: FIPS_140_2_LEVEL_3_OR_HIGHER
                insecure-own-modules: true
                module-directories: [/]
                """, module: Products.path("libCFaultyModule.so"), on: fixture.token)
        try daemon.start()
        func adopt(_ more: [String] = []) throws -> Command {
            try daemon.signet(
                ["ca", "adopt", "--certificate", root, "--key-identifier", "526f6f7432303236"] + more)
        }
        // Faults of the certificate or its chain are found before anything is created or signed.
        let chained = try adopt(["--chain", root])
        #expect(
            chained.status == 1 && chained.errors.contains("a root has no CertificateChain"),
            "\(chained.errors)")
        #expect(try !daemon.signet(["ca", "list"]).output.contains("arn:"))
        #expect(try !daemon.events().contains { $0["eventName"] as? String == "SignatureIntent" })
        let refused = try adopt()
        #expect(refused.status == 69, "\(refused.output)")
        #expect(try daemon.signet(["ca", "list"]).output.contains("FAILED"))
        // Rights that were granted on the failed authority, for example at its creation.
        #expect(daemon.stop() == 0)
        _ = try Command.output(
            "sqlite3",
            [
                daemon.directory.path("signet.sqlite"),
                """
                UPDATE certificateAuthority SET tags = '{"team":"old"}', policy = '{"Statement":{"Effect":"Allow","Principal":"*","Action":"acm-pca:GetCertificate","Resource":"*"}}',
                permissions = '[{"principal":"acm.amazonaws.com","sourceAccount":"000000000000","actions":["IssueCertificate"],"createdAt":0}]'
                """,
            ])
        try fixture.directory.write("script", "# well again\n")
        try daemon.start()
        // The token is tried again once its breaker allows it.
        var adopted = try adopt()
        for _ in 0..<600 where adopted.errors.contains("will be tried again in") { adopted = try adopt() }
        #expect(adopted.status == 0, "\(adopted.errors)")
        let list = try daemon.signet(["ca", "list"]).output
        #expect(list.contains(adopted.output.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(list.contains("ACTIVE") && !list.contains("FAILED"))
        #expect(try adopt().errors.contains("already"))
        let columns = try Command.output(
            "sqlite3",
            [
                daemon.directory.path("signet.sqlite"),
                "SELECT tags, coalesce(policy, 'none'), permissions, keyStorageSecurityStandard FROM certificateAuthority",
            ])
        // The declared standard of the token applies to a key made in a ceremony too.
        #expect(
            columns.trimmingCharacters(in: .newlines) == "{}|none|[]|FIPS_140_2_LEVEL_3_OR_HIGHER")
    }

    @Test func `a daemon that requires ceremony records uses only keys of ceremonies, and adopts them`()
        async throws
    {
        let fixture = try CeremonyFixture()
        try fixture.makeKey("alice")
        #expect(try fixture.run("root", fixture.signsAlice()).status == 0)
        let root = fixture.directory.path("example-root-2026.pem")

        let daemon = try Daemon(
            tokens: "ceremony:\n  records: records\n  officers: [alice.pub]", on: fixture.token)
        for (from, to) in [("example-root-2026.jsonl", "records/root.jsonl"), ("alice.pub", "alice.pub")] {
            try FileManager.default.createDirectory(
                atPath: daemon.directory.path("records"), withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: fixture.directory.path(from), toPath: daemon.directory.path(to))
        }
        try daemon.start()
        let made = try daemon.signet(["ca", "create", "--root", "--subject", "CN=R"])
        #expect(
            made.status == 1 && made.errors.contains("Keys are made in ceremonies here"), "\(made.errors)")
        let adopted = try daemon.signet([
            "ca", "adopt", "--certificate", root, "--key-identifier", "526f6f7432303236",
        ])
        #expect(adopted.status == 0, "\(adopted.errors)")
        let arn = adopted.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try daemon.signet(["ca", "certificate", arn]).output.contains("BEGIN CERTIFICATE"))
        let twice = try daemon.signet([
            "ca", "adopt", "--certificate", root, "--key-identifier", "526f6f7432303236",
        ])
        #expect(
            twice.status == 1 && twice.errors.contains("The key is that of \(arn) already"), "\(twice.errors)"
        )
        // The authority issues.
        try fixture.directory.write("leaf.csr", try OpenSSLRequest.make())
        let issued = try daemon.signet([
            "certificate", "issue", "--ca", arn, "--csr", fixture.directory.path("leaf.csr"), "--days", "30",
            "--signing-algorithm", "SHA384WITHECDSA",
        ])
        #expect(issued.status == 0, "\(issued.errors)")
        try fixture.directory.write("leaf.pem", issued.output)
        #expect(
            try Command.run(
                "openssl", ["verify", "-x509_strict", "-CAfile", root, fixture.directory.path("leaf.pem")]
            )
            .status == 0)
        // Another key of the token is proven, but has no ceremony record.
        daemon.stop()
        try FileManager.default.moveItem(
            atPath: daemon.directory.path("records/root.jsonl"), toPath: daemon.directory.path("root.jsonl"))
        try daemon.start()
        let unrecorded = try daemon.signet([
            "certificate", "issue", "--ca", arn, "--csr", fixture.directory.path("leaf.csr"), "--days", "30",
            "--signing-algorithm", "SHA384WITHECDSA",
        ])
        #expect(unrecorded.status == 69)
        #expect(try daemon.log().contains("has no ceremony record"))
        // An invalid ceremony record stops the start.
        daemon.stop()
        try daemon.directory.write(
            "records/root.jsonl", try daemon.directory.text("root.jsonl").replacing("Bob", with: "Rob"))
        let start = try Command.run(
            Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml")])
        #expect(
            start.status == 78 && start.errors.contains("`root.jsonl` does not hold: line"), "\(start.errors)"
        )
    }
}
