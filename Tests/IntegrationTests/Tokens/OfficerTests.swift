import Foundation
import TestSupport
import Testing

/// The security officer's program, on a real token.
struct OfficerTests {
    private func run(_ token: SoftHSM, _ arguments: [String], uri: String? = SoftHSM.uri) throws -> Command {
        var all = arguments + ["--module", SoftHSM.modulePath]
        if let uri { all += ["--token", uri, "--pin-file", token.pinFile] }
        return try Command.run(Products.path("signet-token"), all, environment: token.environment)
    }

    @Test func `tokens are listed without a PIN`() throws {
        let token = try SoftHSM(try TemporaryDirectory())
        let result = try run(token, ["list", "--json"], uri: nil)
        #expect(result.status == 0, "\(result.errors)")
        let list = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]]
        let ours = try #require(list?.first { $0["label"] as? String == SoftHSM.label })
        #expect(ours["isInitialized"] as? Bool == true)
        #expect(ours["userPIN"] as? String == "set")
        #expect(try run(token, ["list"], uri: nil).output.contains(SoftHSM.label))
    }

    @Test func `an authority's key passes the probes, and every attempt to misuse it is refused`()
        async throws
    {
        let daemon = try Daemon()
        try daemon.start()
        for algorithm in ["EC_prime256v1", "RSA_2048"] {
            let signing = algorithm.hasPrefix("RSA") ? "SHA256WITHRSA" : "SHA256WITHECDSA"
            _ = try await daemon.client { try await $0.activeRoot(algorithm, signing) }
        }
        let keys = try run(daemon.token, ["keys", "--json"])
        #expect(keys.status == 0, "\(keys.errors)")
        let list = try #require(
            try JSONSerialization.jsonObject(with: Data(keys.output.utf8)) as? [[String: Any]])
        #expect(list.count == 2)
        for key in list {
            #expect(key["verdict"] as? String == "selfReported")
            let identifier = try #require(key["identifier"] as? String)
            let evidence = try run(daemon.token, ["evidence", identifier])
            #expect(evidence.status == 0, "\(evidence.output)\(evidence.errors)")
            #expect(evidence.output.split(separator: "\n").count { $0.hasSuffix("refused") } == 8)
            #expect(!evidence.output.contains("WORKED"))
            #expect(evidence.output.contains("CKA_ALLOWED_MECHANISMS"))
        }
        // The keys still sign.
        _ = try await daemon.client { try await $0.activeRoot() }
    }

    @Test func `a weak key is reported as weak, and is not weakened further`() throws {
        let token = try SoftHSM(try TemporaryDirectory())
        let made = try token.pkcs11Tool([
            "--keypairgen", "--key-type", "rsa:2048", "--id", "0a0b", "--label", "weak",
        ])
        #expect(made.status == 0, "\(made.errors)")
        let before = try token.pkcs11Tool(["--list-objects", "--type", "privkey"]).output
        let evidence = try run(token, ["evidence", "0a0b"])
        #expect(evidence.status == 1)
        #expect(evidence.output.contains("CKA_DECRYPT"))
        #expect(evidence.output.contains("IT WORKED"))
        #expect(evidence.output.contains("verdict: notProvable; Signet does not sign with this key"))
        #expect(!evidence.output.contains("set CKA_"))
        #expect(try token.pkcs11Tool(["--list-objects", "--type", "privkey"]).output == before)
    }

    @Test(arguments: [
        "C_GenerateKeyPair * return 0x31", "C_DecryptInit * return 0x30", "C_DestroyObject * return 0x30",
    ])
    func `an attempt without a result does not count as refused`(_ fault: String) throws {
        let token = try SoftHSM(try TemporaryDirectory())
        let script = token.directory.path("script")
        try token.directory.write("script", "# well behaved\n")
        func run(_ arguments: [String]) throws -> Command {
            try Command.run(
                Products.path("signet-token"),
                arguments + [
                    "--module", Products.path("libCFaultyModule.so"), "--insecure-own-modules",
                    "--module-directory", "/", "--token", SoftHSM.uri, "--pin-file", token.pinFile,
                ],
                environment: token.environment.merging([
                    "SIGNET_FAULTY_MODULE": SoftHSM.modulePath, "SIGNET_FAULTY_CONTROL": script,
                ]) { $1 })
        }
        let daemon = try Daemon(on: token)
        try daemon.start()
        #expect(try daemon.signet(["ca", "create", "--root", "--subject", "CN=R"]).status == 0)
        daemon.stop()
        let keys = try run(["keys", "--json"])
        let list = try JSONSerialization.jsonObject(with: Data(keys.output.utf8)) as? [[String: Any]]
        let identifier = try #require(list?.first?["identifier"] as? String, "\(keys.errors)")
        #expect(try run(["evidence", identifier]).status == 0)
        try token.directory.write("script", fault + "\n")
        let evidence = try run(["evidence", identifier])
        #expect(evidence.status == 1 && evidence.output.contains("NOTHING IS SHOWN"), "\(evidence)")
    }

    @Test func `unusable arguments are reported`() throws {
        let token = try SoftHSM(try TemporaryDirectory())
        let missing = try run(token, ["evidence", "ffff"])
        #expect(missing.status == 1)
        #expect(missing.errors.contains("no key pair with CKA_ID ffff"), "\(missing.errors)")
        #expect(try run(token, ["evidence", "xyz"]).status == 64)
        let elsewhere = try run(token, ["keys"], uri: "pkcs11:token=other")
        #expect(elsewhere.status == 1)
        #expect(elsewhere.errors.contains("no token matches `pkcs11:token=other`"))
        let module = try Command.run(Products.path("signet-token"), ["list", "--module", "/nonexistent.so"])
        #expect(module.status == 1)
        #expect(module.errors.contains("cannot be loaded: No such file"))
    }

    // MARK: Initializing

    /// A SoftHSM without initialized tokens, and files with PINs.
    private struct Blank {
        let directory: TemporaryDirectory
        var environment: [String: String] { ["SOFTHSM2_CONF": directory.path("softhsm2.conf")] }

        init() throws {
            directory = try TemporaryDirectory()
            try FileManager.default.createDirectory(
                atPath: directory.path("tokens"), withIntermediateDirectories: true)
            try directory.write(
                "softhsm2.conf",
                "directories.tokendir = \(directory.path("tokens"))\nobjectstore.backend = file\n")
            for (name, pin) in [("so", "87654321"), ("pin", "1234567"), ("new", "7654321"), ("short", "12")] {
                try directory.write(name, pin, mode: 0o600)
            }
        }

        func run(_ arguments: [String]) throws -> Command {
            try Command.run(
                Products.path("signet-token"), arguments + ["--module", SoftHSM.modulePath],
                environment: environment)
        }

        func initialize(_ label: String, _ more: [String] = []) throws -> Command {
            try run(
                [
                    "init", "--label", label, "--so-pin-file", directory.path("so"), "--pin-file",
                    directory.path("pin"),
                ]
                    + more)
        }

        func keys(pin: String) throws -> Command {
            try run(["keys", "--token", "pkcs11:token=first", "--pin-file", directory.path(pin)])
        }

        func contents() throws -> String {
            try Command.output(
                "sh",
                ["-c", "cd '\(directory.path("tokens"))' && find . -type f -exec sha256sum {} + | sort -k2"])
        }
    }

    @Test func `a blank token is initialized, and other tools can use it`() throws {
        let blank = try Blank()
        let made = try blank.initialize("first", ["--json"])
        #expect(made.status == 0, "\(made.errors)")
        let shown = try JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: Any]
        #expect(shown?["label"] as? String == "first")
        #expect(shown?["userPIN"] as? String == "set")
        let listing = try Command.run(
            "pkcs11-tool",
            [
                "--module", SoftHSM.modulePath, "--token-label", "first", "--login", "--pin", "1234567",
                "--list-objects",
            ],
            environment: blank.environment)
        #expect(listing.status == 0, "\(listing.errors)")
        // A second one, interactively: each new PIN is typed twice and not shown.
        let second = try Terminal.run(
            [
                ("new security officer's PIN: ", "11112222"), ("officer's PIN again: ", "11112222"),
                ("new user PIN: ", "33334444"), ("user PIN again: ", "33334444"),
            ], Products.path("signet-token"), ["init", "--label", "second", "--module", SoftHSM.modulePath],
            environment: blank.environment)
        #expect(second.status == 0, "\(second.output)")
        #expect(second.output.contains("pkcs11:token=second;serial="))
        #expect(!second.output.contains("11112222") && !second.output.contains("33334444"))
    }

    @Test func `a token that cannot be initialized is refused, and no token changes`() throws {
        let blank = try Blank()
        #expect(try blank.initialize("first").status == 0)
        let before = try blank.contents()
        let taken = try blank.initialize("first")
        #expect(
            taken.status == 1 && taken.errors.contains("the label `first` is in use by the token with serial")
        )
        let list =
            try JSONSerialization.jsonObject(
                with: Data(try blank.run(["list", "--json"]).output.utf8)) as? [[String: Any]]
        let slot = try #require(list?.first { $0["label"] as? String == "first" }?["slot"] as? Int)
        let twice = try blank.initialize("other", ["--slot", "\(slot)"])
        #expect(
            twice.status == 1 && twice.errors.contains("is initialized already (`first`"), "\(twice.errors)")
        let nowhere = try blank.initialize("other", ["--slot", "99"])
        #expect(nowhere.status == 1 && nowhere.errors.contains("slot 99 holds no token"))
        let long = try blank.initialize(String(repeating: "x", count: 33))
        #expect(long.status == 1 && long.errors.contains("1 to 32 bytes"))
        let short = try blank.run([
            "init", "--label", "other", "--so-pin-file", blank.directory.path("so"), "--pin-file",
            blank.directory.path("short"),
        ])
        #expect(
            short.status == 1 && short.errors.contains("has 2 bytes, and the token takes 4 to 255"),
            "\(short.errors)")
        let differing = try Terminal.run(
            [("new security officer's PIN: ", "11112222"), ("officer's PIN again: ", "11112223")],
            Products.path("signet-token"), ["init", "--label", "other", "--module", SoftHSM.modulePath],
            environment: blank.environment)
        #expect(
            differing.status == 1
                && differing.output.contains("the two PINs are not the same; nothing was changed"))
        #expect(try blank.contents() == before)
    }

    @Test func `the user changes the PIN, and the security officer resets it`() throws {
        let blank = try Blank()
        #expect(try blank.initialize("first").status == 0)
        func change(_ arguments: [String]) throws -> Command {
            try blank.run(["change-pin", "--token", "pkcs11:token=first"] + arguments)
        }
        let (so, pin, new) = (
            blank.directory.path("so"), blank.directory.path("pin"), blank.directory.path("new")
        )
        #expect(try change(["--pin-file", pin, "--new-pin-file", new]).status == 0)
        #expect(try blank.keys(pin: "pin").errors.contains("refused the PIN from file"))
        #expect(try blank.keys(pin: "new").status == 0)
        let wrong = try change(["--pin-file", pin, "--new-pin-file", new])
        #expect(wrong.status == 1 && wrong.errors.contains("it was tried once, and no PIN was changed"))
        let reset = try change(["--reset", "--pin-file", so, "--new-pin-file", pin])
        #expect(reset.status == 0, "\(reset.errors)")
        #expect(try blank.keys(pin: "pin").status == 0)
        #expect(try change(["--so", "--pin-file", so, "--new-pin-file", new]).status == 0)
        #expect(try change(["--reset", "--pin-file", so, "--new-pin-file", pin]).status == 1)
        #expect(try change(["--reset", "--pin-file", new, "--new-pin-file", pin]).status == 0)
    }

    @Test func `a user PIN is prompted for at a terminal and not shown`() throws {
        let token = try SoftHSM(try TemporaryDirectory())
        let asked = try Terminal.run(
            [("user PIN of signet-test: ", SoftHSM.pin)], Products.path("signet-token"),
            ["keys", "--module", SoftHSM.modulePath, "--token", SoftHSM.uri], environment: token.environment)
        #expect(asked.status == 0, "\(asked.output)")
        #expect(!asked.output.contains(SoftHSM.pin))
        let withoutTerminal = try Command.run(
            "setsid",
            [
                "--wait", Products.path("signet-token"), "keys", "--module", SoftHSM.modulePath, "--token",
                SoftHSM.uri,
            ],
            environment: token.environment)
        #expect(
            withoutTerminal.status == 1
                && withoutTerminal.errors.contains("there is no terminal to ask for the PIN at"),
            "\(withoutTerminal.errors)")
    }

    @Test func `the doctor examines a token, removes its objects, and writes a valid profile`() throws {
        let token = try SoftHSM(try TemporaryDirectory())
        let before = try token.pkcs11Tool(["--list-objects"]).output
        let file = token.directory.path("profile.yaml")
        let arguments = ["doctor", "--seconds", "0.05", "--maximum-sessions", "20", "--write-profile", file]
        let result = try run(token, arguments + ["--json"])
        #expect(result.status == 0, "\(result.errors)")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let keys = try #require(report["keys"] as? [[String: Any]])
        #expect(
            keys.allSatisfy {
                $0["verdict"] as? String == "selfReported" && $0["signature"] as? String == "ok"
            })
        #expect(keys.first?["point"] as? String == "67 bytes, wrapped")
        let operations = report["operations"] as? [String: Any]
        #expect(operations?["secondInit"] as? String == "C_SignInit: CKR_OPERATION_ACTIVE")
        // SoftHSM signs a digest of any length; Signet checks the length itself.
        #expect(operations?["shortDigest"] as? String == "ok")
        #expect((report["sessions"] as? [String: Any])?["opened"] as? Int == 20)
        #expect((report["throughput"] as? [Any])?.isEmpty == false)
        #expect(try token.pkcs11Tool(["--list-objects"]).output == before)
        let keysAgain = try run(token, ["keys", "--profile", file])
        #expect(keysAgain.status == 0, "\(keysAgain.errors)")
        let again = try run(token, arguments)
        #expect(again.status == 64 && again.errors.contains("is there already"))
        let people = try run(token, ["doctor", "--seconds", "0.05", "--maximum-sessions", "20"])
        #expect(people.output.contains("the knee"))
        #expect(people.output.contains("Signet can work with this token."))
    }

    // MARK: Modules

    @Test func `a module that other users can change, or in another directory, is not loaded`() throws {
        let directory = try TemporaryDirectory()
        let copy = directory.path("module.so")
        try Command.output("cp", ["--dereference", SoftHSM.modulePath, copy])
        func list(_ more: [String]) throws -> Command {
            try Command.run(Products.path("signet-token"), ["list", "--module", copy] + more)
        }
        let outside = try list([])
        #expect(
            outside.status == 1
                && outside.errors.contains("lies outside the directories modules are loaded from"))
        let here = ["--module-directory", directory.path]
        // Only root can change the owner of a file.
        if geteuid() == 0 {
            chmod(copy, 0o777)
            let writable = try list(here)
            #expect(writable.status == 1 && writable.errors.contains("run `chmod go-w"), "\(writable.errors)")
            chmod(copy, 0o755)
            #expect(try list(here).status == 0)
            chown(copy, 65534, 65534)
            let foreign = try list(here)
            #expect(
                foreign.status == 1 && foreign.errors.contains("belongs to uid 65534; run `chown root"),
                "\(foreign.errors)")
            chown(copy, 0, 0)
            chmod(directory.path, 0o777)
            #expect(try list(here).errors.contains("others can write"))
        } else {
            #expect(try list(here).errors.contains("must belong to root"))
        }
        let relative = try Command.run(Products.path("signet-token"), ["list", "--module", "module.so"])
        #expect(relative.status == 1 && relative.errors.contains("is not an absolute path"))
    }
}
