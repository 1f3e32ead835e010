import Foundation
import TestSupport
import Testing
import WireAPI

/// Ceremonies on a real token, with officers at a terminal, judged by OpenSSL, and what the daemon makes of them.
struct CeremonyTests {
    /// A token, and the ceremonies of `HSMConfig/ceremonies` in a directory of their own.
    struct Table {
        let directory: TemporaryDirectory
        let token: SoftHSM

        init() throws {
            directory = try TemporaryDirectory()
            token = try SoftHSM(directory)
            for name in ["root", "request", "subordinate", "crl"] {
                try FileManager.default.copyItem(
                    atPath: "\(Products.root)/HSMConfig/ceremonies/\(name).yaml",
                    toPath: directory.path("\(name).yaml"))
                // Valid now, whenever that is.
                try edit(name, "2026-12-01", "2026-01-01")
            }
        }

        func edit(_ name: String, _ text: String, _ replacement: String) throws {
            let yaml = try directory.text("\(name).yaml")
            try directory.write("\(name).yaml", yaml.replacing(text, with: replacement))
        }

        func run(
            _ name: String, _ more: [String] = [], answers: [String] = ["Alice Example", "Bob Example"]
        ) throws -> Command {
            try Terminal.run(
                answers.map { ("Type your name to confirm: ", $0) }, Products.path("signet-token"),
                [
                    "ceremony", "run", "--module", SoftHSM.modulePath, "--token", SoftHSM.uri, "--pin-file",
                    token.pinFile, directory.path("\(name).yaml"),
                ] + more, environment: token.environment)
        }

        func plan(_ name: String, _ more: [String] = []) throws -> Command {
            try Command.run(
                Products.path("signet-token"), ["ceremony", "plan", directory.path("\(name).yaml")] + more)
        }

        func verify(_ transcript: String, _ more: [String] = []) throws -> Command {
            try Command.run(
                Products.path("signet-token"), ["ceremony", "verify", directory.path(transcript)] + more)
        }

        func objects() throws -> String { try token.pkcs11Tool(["--list-objects"]).output }

        func openssl(_ arguments: [String]) throws -> Command { try Command.run("openssl", arguments) }
    }

    @Test func `a hierarchy comes out of four ceremonies, each as its rehearsal predicted it`() throws {
        let table = try Table()
        for name in ["root", "request", "subordinate", "crl"] {
            let prediction = table.directory.path("\(name).prediction")
            let plan = try table.plan(name, ["--output", prediction])
            #expect(plan.status == 0, "\(plan.errors)")
            let result = try table.run(name, ["--predicted", prediction])
            #expect(result.status == 0, "\(result.output)")
            #expect(!result.output.contains(SoftHSM.pin))
            #expect(result.output.contains("making the EC_secp384r1 key") == ["root"].contains(name))
        }
        let path: (String) -> String = { table.directory.path($0) }
        let (root, issuing) = (path("example-root-2026.pem"), path("example-issuing-1.pem"))
        #expect(try table.openssl(["verify", "-x509_strict", "-CAfile", root, issuing]).status == 0)
        #expect(
            try table.openssl(["crl", "-in", path("example-root-2026.crl"), "-CAfile", root, "-noout"]).errors
                .contains("verify OK"))
        #expect(
            try table.openssl(["req", "-in", path("example-issuing-1.csr"), "-verify", "-noout"]).status == 0)
        let text = try table.openssl(["x509", "-in", root, "-noout", "-text"]).output
        #expect(text.contains("CA:TRUE, pathlen:1") && text.contains("ecdsa-with-SHA384"))
        for (transcript, ceremony, result) in [
            ("example-root-2026.jsonl", "root", root),
            ("example-issuing-1.jsonl", "request", path("example-issuing-1.csr")),
            ("example-issuing-1-certificate.jsonl", "subordinate", issuing),
            ("example-root-2026-crl-1.jsonl", "crl", path("example-root-2026.crl")),
        ] {
            let verified = try table.verify(
                transcript, ["--ceremony", path("\(ceremony).yaml"), "--result", result])
            #expect(verified.status == 0, "\(verified.errors)")
            #expect(verified.output.contains("The transcript holds"))
        }
        #expect(
            try table.verify("example-root-2026.jsonl", ["--result", issuing]).errors.contains(
                "did not come out of this ceremony"))
        #expect(
            try table.verify("example-root-2026.jsonl", ["--ceremony", path("crl.yaml")]).errors.contains(
                "is of another ceremony file"))
    }

    @Test func `OpenSSL and sha256sum verify a transcript without Signet`() throws {
        let table = try Table()
        #expect(try table.run("root").status == 0)
        let lines = try table.directory.text("example-root-2026.jsonl").split(separator: "\n").map(
            String.init)
        let entries = try lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        for (index, entry) in entries.enumerated().dropFirst() {
            let digest = try Command.output("sha256sum", input: Data(lines[index - 1].utf8)).prefix(64)
            #expect(entry["previous"] as? String == String(digest))
        }
        let generated = try #require(
            entries.first { $0["step"] as? String == "KeyGenerated" }?["details"] as? [String: Any])
        let spki = try #require(Data(base64Encoded: generated["subjectPublicKeyInfo"] as? String ?? ""))
        let last = try #require(entries.last?["details"] as? [String: Any])
        try table.directory.write("spki.der", spki)
        try table.directory.write(
            "signature", try #require(Data(base64Encoded: last["signature"] as? String ?? "")))
        let parts = [entries.last?["previous"], last["signer"], entries.last?["time"]].map {
            $0 as? String ?? ""
        }
        try table.directory.write(
            "statement",
            Data("signet ceremony transcript v2\n\(parts.joined(separator: "\n"))\n".utf8))
        let judge = try table.openssl([
            "dgst", "-sha384", "-keyform", "DER", "-verify", table.directory.path("spki.der"), "-signature",
            table.directory.path("signature"), table.directory.path("statement"),
        ])
        #expect(judge.output.contains("Verified OK"), "\(judge)")
    }

    @Test func `a transcript that was changed anywhere does not hold`() throws {
        let table = try Table()
        #expect(try table.run("root").status == 0)
        let text = try table.directory.text("example-root-2026.jsonl")
        let lines = text.split(separator: "\n").map(String.init)
        func verdict(_ lines: [String]) throws -> String {
            try table.directory.write("changed.jsonl", lines.joined(separator: "\n") + "\n")
            let result = try table.verify("changed.jsonl")
            #expect(result.status == 1)
            return result.errors
        }
        var renamed = lines
        renamed[2] = renamed[2].replacing("Alice", with: "Malla")
        #expect(try verdict(renamed).contains("line 4: it does not follow the line before it"))
        #expect(try verdict(Array(lines.dropFirst())).contains("line 1: its index is 1, not 0"))
        #expect(try verdict(Array(lines.dropLast())).contains("did not sign it"))
        #expect(try verdict(Array(lines.prefix(7))).contains("did not come to its end"))
        // The last line is bound by nothing but its own signature.
        var moved = lines
        moved[lines.count - 1].replace(/"time":"20/, with: "\"time\":\"19")
        #expect(try verdict(moved).contains("line \(lines.count): the signature of"))
        var spaced = lines
        spaced[lines.count - 1].replace("\"time\":", with: "\"time\": ")
        #expect(try verdict(spaced).contains("line \(lines.count): it is not written as"))
        var forged = lines
        forged[11] = forged[11].replacing("\"signature\":\"M", with: "\"signature\":\"N")
        #expect(
            try verdict(forged).contains("line 12: the signature of key 526f6f7432303236 does not verify"))
        try table.directory.write("changed.jsonl", String(text.dropLast()))
        #expect(try table.verify("changed.jsonl").errors.contains("cut off"))
        #expect(try verdict(["{}"]).contains("line 1: it does not have the members"))
    }

    @Test func `nothing is made unless everybody confirms, and nothing is overwritten`() throws {
        let table = try Table()
        let before = try table.objects()
        let refused = try table.run("root", answers: ["Alice Example", "Bob"])
        #expect(refused.status == 1)
        #expect(refused.output.contains("Bob Example did not confirm; nothing was changed on the token"))
        #expect(try table.objects() == before)
        #expect(!FileManager.default.fileExists(atPath: table.directory.path("example-root-2026.pem")))
        // The transcript of what did not come to be is kept.
        let again = try table.run("root", answers: [])
        #expect(
            again.status == 1 && again.output.contains("example-root-2026.jsonl` is there already"),
            "\(again)")
        #expect(
            try table.verify("example-root-2026.jsonl").errors.contains(
                "did not come to its end: the last step is Failed"))
        try FileManager.default.removeItem(atPath: table.directory.path("example-root-2026.jsonl"))
        #expect(try table.run("root").status == 0)
        // The same key once more, with other files.
        try table.edit("root", "result: example-root-2026", "result: other")
        try table.edit("root", "transcript: example-root-2026", "transcript: other")
        let taken = try table.run("root", answers: [])
        #expect(taken.status == 1)
        #expect(
            taken.output.contains("the token has an object with the label `example-root-2026`"), "\(taken)")
        let alone = try Command.run(
            "setsid",
            [
                "--wait", Products.path("signet-token"), "ceremony", "run", "--module", SoftHSM.modulePath,
                "--token",
                SoftHSM.uri, "--pin-file", table.token.pinFile, table.directory.path("request.yaml"),
            ], environment: table.token.environment)
        #expect(alone.status == 1 && alone.errors.contains("officers confirm at a terminal"), "\(alone)")
    }

    @Test func `officers sign with keys of their own when the file has them`() throws {
        let table = try Table()
        for (name, algorithm) in [("alice", "ED25519"), ("mallory", "ED25519")] {
            try Command.output(
                "openssl", ["genpkey", "-algorithm", algorithm, "-out", table.directory.path("\(name).pem")])
            try Command.output(
                "openssl",
                [
                    "pkey", "-in", table.directory.path("\(name).pem"), "-pubout", "-out",
                    table.directory.path("\(name).pub"),
                ])
        }
        try table.edit(
            "root", "    role: security officer\n", "    role: security officer\n    public-key: alice.pub\n")
        let without = try table.run("root", answers: [])
        #expect(without.status == 1 && without.output.contains("the private one is needed (--officer-key)"))
        let wrong = try table.run(
            "root", ["--officer-key", "Alice Example=\(table.directory.path("mallory.pem"))"], answers: [])
        #expect(wrong.status == 1 && wrong.output.contains("it is not the private half"))
        let right = try table.run(
            "root", ["--officer-key", "Alice Example=\(table.directory.path("alice.pem"))"])
        #expect(right.status == 0, "\(right.output)")
        let verified = try table.verify(
            "example-root-2026.jsonl", ["--ceremony", table.directory.path("root.yaml"), "--json"])
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(verified.output.contains("Alice Example"))
    }

    @Test func `a step that is not as predicted ends the ceremony`() throws {
        let table = try Table()
        let prediction = table.directory.path("prediction")
        #expect(try table.plan("root", ["--output", prediction]).status == 0)
        let text = try table.directory.text("prediction")
        try table.directory.write("prediction", text.replacing("\"pathLength\":1", with: "\"pathLength\":0"))
        let result = try table.run("root", ["--predicted", prediction])
        #expect(result.status == 1)
        #expect(
            result.output.contains("step 7, Prepared, is not as the dry run predicted it"), "\(result.output)"
        )
        #expect(!FileManager.default.fileExists(atPath: table.directory.path("example-root-2026.pem")))
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let file: String
        let text: String
        let replacement: String
        let message: String
    }

    static let mistakes = [
        Mistake(
            testDescription: "an unknown key", file: "root", text: "title:", replacement: "titel: x\ntitle:",
            message: "unknown key `titel`"),
        Mistake(
            testDescription: "an unknown key inside", file: "root", text: "  destroyable:",
            replacement: "  exportable:",
            message: "unknown key `key.exportable`"),
        Mistake(
            testDescription: "two actions", file: "root", text: "output:",
            replacement: "request:\n  subject: {common-name: x}\noutput:",
            message: "a ceremony has one of root, request"),
        Mistake(
            testDescription: "one officer twice", file: "root", text: "Bob Example",
            replacement: "Alice Example",
            message: "two confirmations need two people"),
        Mistake(
            testDescription: "a time that is none", file: "root", text: "2046-12-01T",
            replacement: "2046-13-01T",
            message: "`root.not-after` must be a time"),
        Mistake(
            testDescription: "an end before the beginning", file: "root", text: "2046-12-01",
            replacement: "2025-12-01",
            message: "`not-after` must be after `not-before`"),
        Mistake(
            testDescription: "an algorithm that does not fit", file: "root", text: "SHA384WITHECDSA",
            replacement: "SHA384WITHRSA", message: "does not sign with SHA384WITHRSA"),
        Mistake(
            testDescription: "a request that is not there", file: "subordinate", text: "none",
            replacement: "none",
            message: "the file `example-issuing-1.csr` cannot be read"),
        Mistake(
            testDescription: "an escape in the subject of a root", file: "root",
            text: "Example Root CA 2026\n",
            replacement: "\"Example\\e[2K\"\n", message: "attribute CN with the character U+001B"),
        Mistake(
            testDescription: "a NUL in the subject of a request", file: "request",
            text: "Example Issuing CA 1\n", replacement: "\"Example\\0\"\n",
            message: "attribute CN with the character U+0000"),
        Mistake(
            testDescription: "a serial number that is none", file: "crl", text: "0a1b2c3d4e5f",
            replacement: "xyz",
            message: "must be 1 to 20 octets in hexadecimal"),
    ]

    @Test(arguments: [
        ("03-empty-rdn/04D-emptyset.csr", "no attribute in relative distinguished name 1 of 2"),
        ("03-empty-rdn/10s-emptyrdn-only.csr", "names nothing"),
        ("02-strings-that-are-none/10b-overlong.csr", "UTF8String that is none"),
        ("05-nul-in-common-name/1201-cn.csr", "U+0000"),
    ])
    func `an intermediate that others cannot read is a fault of the file`(
        _ csr: String, _ reason: String
    ) throws {
        let table = try Table()
        try FileManager.default.copyItem(
            atPath: "\(Products.root)/Tests/Cases/\(csr)",
            toPath: table.directory.path("example-issuing-1.csr"))
        let plan = try table.plan("subordinate")
        #expect(plan.status == 1)
        #expect(
            plan.errors.contains("the subject of the request") && plan.errors.contains(reason),
            "\(plan.errors)")
    }

    @Test(arguments: mistakes)
    func `a ceremony file that is wrong is refused with the line`(_ mistake: Mistake) throws {
        let table = try Table()
        try table.edit(mistake.file, mistake.text, mistake.replacement)
        let plan = try table.plan(mistake.file)
        #expect(plan.status == 1)
        #expect(plan.errors.contains(mistake.message), "\(plan.errors)")
        let before = try table.objects()
        #expect(try table.run(mistake.file, answers: []).status == 1)
        #expect(try table.objects() == before)
    }

    // MARK: The daemon

    @Test func `a request that was exchanged after the rehearsal, or after the ceremony, is noticed`() throws
    {
        let table = try Table()
        for name in ["root", "request"] { #expect(try table.run(name).status == 0) }
        let prediction = table.directory.path("subordinate.prediction")
        #expect(try table.plan("subordinate", ["--output", prediction]).status == 0)
        let csr = try table.directory.text("example-issuing-1.csr")
        let subject = try Command.output(
            "openssl",
            [
                "req", "-in", table.directory.path("example-issuing-1.csr"), "-noout", "-subject", "-nameopt",
                "compat",
            ])
        let other = try Command.output(
            "openssl",
            [
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                table.directory.path("other.key"), "-subj",
                String(subject.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst("subject=".count)),
            ])
        try table.directory.write("example-issuing-1.csr", other)
        let exchanged = try table.run("subordinate", ["--predicted", prediction], answers: [])
        #expect(
            exchanged.status == 1 && exchanged.output.contains("step 1, Ceremony, is not as"), "\(exchanged)")
        try table.directory.write("example-issuing-1.csr", csr)
        try FileManager.default.removeItem(
            atPath: table.directory.path("example-issuing-1-certificate.jsonl"))
        #expect(try table.run("subordinate", ["--predicted", prediction]).status == 0)
        let transcript = "example-issuing-1-certificate.jsonl"
        let ceremony = ["--ceremony", table.directory.path("subordinate.yaml")]
        let held = try table.verify(transcript, ceremony)
        #expect(held.status == 0 && held.output.contains("Its SHA-256 is "), "\(held.errors)")
        try table.directory.write("example-issuing-1.csr", other)
        #expect(try table.verify(transcript, ceremony).errors.contains("not those that the ceremony used"))
    }

    @Test func `an adoption that fails does not keep the key from the next`() throws {
        let table = try Table()
        #expect(try table.run("root").status == 0)
        let root = table.directory.path("example-root-2026.pem")
        let script = table.directory.path("script")
        try table.directory.write("script", "C_Sign * return 0x30\n")
        let daemon = try Daemon(
            tokens: """
                      SIGNET_FAULTY_MODULE: \(SoftHSM.modulePath)
                      SIGNET_FAULTY_CONTROL: \(script)
                    security-standard: FIPS_140_2_LEVEL_3_OR_HIGHER
                insecure-own-modules: true
                module-directories: [/]
                """, module: Products.path("libCFaultyModule.so"), on: table.token)
        try daemon.start()
        func adopt(_ more: [String] = []) throws -> Command {
            try daemon.signet(
                ["ca", "adopt", "--certificate", root, "--key-identifier", "526f6f7432303236"] + more)
        }
        // What is wrong with the certificate or its chain is found before anything is made or signed.
        let chained = try adopt(["--chain", root])
        #expect(
            chained.status == 1 && chained.errors.contains("a root has no CertificateChain"),
            "\(chained.errors)")
        #expect(try !daemon.signet(["ca", "list"]).output.contains("arn:"))
        #expect(try !daemon.events().contains { $0["eventName"] as? String == "SignatureIntent" })
        let refused = try adopt()
        #expect(refused.status == 1, "\(refused.output)")
        #expect(try daemon.signet(["ca", "list"]).output.contains("FAILED"))
        // What was decided about the failed authority, such as at its creation.
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
        try table.directory.write("script", "# well again\n")
        try daemon.start()
        // The token is tried again when its breaker lets it.
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
        // The standard that is declared for the token holds for a key that was made in a ceremony too.
        #expect(
            columns.trimmingCharacters(in: .newlines) == "{}|none|[]|FIPS_140_2_LEVEL_3_OR_HIGHER")
    }

    @Test func `a daemon that asks for records uses keys of ceremonies only, and adopts them`() async throws {
        let table = try Table()
        for name in ["alice"] {
            try Command.output(
                "openssl", ["genpkey", "-algorithm", "ED25519", "-out", table.directory.path("\(name).pem")])
            try Command.output(
                "openssl",
                [
                    "pkey", "-in", table.directory.path("\(name).pem"), "-pubout", "-out",
                    table.directory.path("\(name).pub"),
                ])
        }
        let officer = ["--officer-key", "Alice Example=\(table.directory.path("alice.pem"))"]
        #expect(try table.run("root", officer).status == 0)
        let root = table.directory.path("example-root-2026.pem")

        let daemon = try Daemon(
            tokens: "ceremony:\n  records: records\n  officers: [alice.pub]", on: table.token)
        for (from, to) in [("example-root-2026.jsonl", "records/root.jsonl"), ("alice.pub", "alice.pub")] {
            try FileManager.default.createDirectory(
                atPath: daemon.directory.path("records"), withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                atPath: table.directory.path(from), toPath: daemon.directory.path(to))
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
        // It issues.
        try table.directory.write("leaf.csr", try OpenSSLRequest.make())
        let issued = try daemon.signet([
            "certificate", "issue", "--ca", arn, "--csr", table.directory.path("leaf.csr"), "--days", "30",
            "--signing-algorithm", "SHA384WITHECDSA",
        ])
        #expect(issued.status == 0, "\(issued.errors)")
        try table.directory.write("leaf.pem", issued.output)
        #expect(
            try Command.run(
                "openssl", ["verify", "-x509_strict", "-CAfile", root, table.directory.path("leaf.pem")]
            )
            .status == 0)
        // Another key of the token, proven but without a record.
        daemon.stop()
        try FileManager.default.moveItem(
            atPath: daemon.directory.path("records/root.jsonl"), toPath: daemon.directory.path("root.jsonl"))
        try daemon.start()
        let unrecorded = try daemon.signet([
            "certificate", "issue", "--ca", arn, "--csr", table.directory.path("leaf.csr"), "--days", "30",
            "--signing-algorithm", "SHA384WITHECDSA",
        ])
        #expect(unrecorded.status == 1)
        #expect(try daemon.log().contains("has no ceremony record"))
        // A record that does not hold ends the start.
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
