import Foundation
import TestSupport
import Testing

/// Guards that prevent the use of a wrong token and the lockout of its officer.
struct TokenGuardTests {
    /// A token behind the faulty module, which logs each call.
    private struct Fixture {
        let directory: TemporaryDirectory
        let token: SoftHSM
        let environment: [String: String]

        init(_ script: String = "# well behaved", label: String = SoftHSM.label) throws {
            directory = try TemporaryDirectory()
            token = try SoftHSM(directory, label: label)
            environment = token.environment.merging([
                "SIGNET_FAULTY_MODULE": SoftHSM.modulePath,
                "SIGNET_FAULTY_CONTROL": directory.path("script"),
                "SIGNET_FAULTY_LOG": directory.path("calls"),
            ]) { $1 }
            try directory.write("script", script + "\n")
            try directory.write("calls", "")
            try directory.write("so", "87654321", mode: 0o600)
            try directory.write("new", "11223344", mode: 0o600)
        }

        static let module = [
            "--module", Products.path("libCFaultyModule.so"), "--module-directory", "/",
            "--insecure-own-modules",
        ]

        func run(_ arguments: [String]) throws -> Command {
            try Command.run(Products.path("signet-token"), arguments + Self.module, environment: environment)
        }

        func calls(of function: String) throws -> Int {
            try directory.text("calls").split(separator: "\n").count { $0 == function }
        }

        func objects() throws -> String { try token.pkcs11Tool(["--list-objects"]).output }
    }

    // MARK: URIs

    @Test func `a blank in a URI does not select another token`() throws {
        // Case 10: tokens labeled `MyCA` and `My CA`.
        let fixture = try Fixture(label: "MyCA")
        try fixture.token.addToken(label: "My CA")
        func keys(_ uri: String) throws -> Command {
            try fixture.run(["keys", "--token", uri, "--pin-file", fixture.token.pinFile])
        }
        for uri in ["pkcs11:token=My CA", "pkcs11:token=MyCA\n", "pkcs11:token=My\tCA", "pkcs11: token=MyCA"]
        {
            let refused = try keys(uri)
            #expect(
                refused.status == 1 && refused.errors.contains("no character of a URI (RFC 3986"),
                "\(refused.errors)")
        }
        #expect(try fixture.calls(of: "C_Login") == 0)
        #expect(try keys("pkcs11:token=My%20CA").status == 0)
        let checked = try Daemon(on: fixture.token)
        let yaml = try checked.directory.text("signetd.yaml")
        try checked.directory.write("signetd.yaml", yaml.replacing(SoftHSM.uri, with: "pkcs11:token=My CA"))
        let check = try Command.run(
            Products.path("signetd"), ["--config", checked.directory.path("signetd.yaml"), "--check"])
        #expect(
            check.status == 78 && check.errors.contains("its octet 16 is a blank")
                && check.errors.contains("`%20`"),
            "\(check.errors)")
    }

    // MARK: One token in two entries

    @Test func `two entries that select the same token stop the start`() throws {
        let token = try SoftHSM(try TemporaryDirectory())
        let list = try Command.run(
            Products.path("signet-token"), ["list", "--json", "--module", SoftHSM.modulePath],
            environment: token.environment)
        let tokens = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [[String: Any]]
        let serial = try #require(
            tokens?.first { $0["label"] as? String == SoftHSM.label }?["serialNumber"] as? String)
        let daemon = try Daemon(
            tokens: """
                  - name: again
                    module: \(SoftHSM.modulePath)
                    uri: "pkcs11:serial=\(serial)"
                    pin: {file: \(token.pinFile)}
                    environment: {SOFTHSM2_CONF: \(token.directory.path("softhsm2.conf"))}
                """, on: token)
        let start = try Command.run(
            Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml")])
        #expect(start.status == 78, "\(start.errors)")
        #expect(
            start.errors.contains("two entries of `tokens` name one token") && start.errors.contains(serial),
            "\(start.errors)")
    }

    // MARK: The security officer's PIN

    @Test(arguments: [
        ("0x200000", "one more wrong PIN would lock the security officer"),
        ("0x400000", "PIN of the token `signet-test` is locked"),
    ])
    func `the security officer's PIN is not tried if it is locked or one failure would lock it`(
        _ flag: String, _ message: String
    ) throws {
        let fixture = try Fixture("C_GetTokenInfo * token-flags \(flag)")
        for mode in ["--so", "--reset"] {
            let result = try fixture.run([
                "change-pin", mode, "--token", SoftHSM.uri, "--pin-file", fixture.directory.path("so"),
                "--new-pin-file",
                fixture.directory.path("new"),
            ])
            #expect(result.status == 1 && result.errors.contains(message), "\(result.errors)")
        }
        // A blank token of SoftHSM always reports that it is locked, because it has no such PIN yet.
        if flag == "0x200000" {
            let initialized = try fixture.run([
                "init", "--label", "fresh", "--so-pin-file", fixture.directory.path("so"), "--pin-file",
                fixture.directory.path("new"),
            ])
            #expect(
                initialized.status == 1 && initialized.errors.contains("CKF_SO_PIN_FINAL_TRY"),
                "\(initialized.errors)")
        }
        #expect(try fixture.calls(of: "C_Login") == 0 && fixture.calls(of: "C_InitToken") == 0)
        // The state of the user's own PIN is independent.
        let own = try fixture.run([
            "change-pin", "--token", SoftHSM.uri, "--pin-file", fixture.token.pinFile, "--new-pin-file",
            fixture.directory.path("new"),
        ])
        #expect(own.status == 0, "\(own.errors)")
    }

    // MARK: The doctor

    @Test(arguments: ["C_Sign * corrupt", "C_Sign * wrong-key"])
    func `a token that signs wrongly is reported as unusable, and no object remains on it`(_ script: String)
        throws
    {
        let fixture = try Fixture(script)
        let before = try fixture.objects()
        let result = try fixture.run([
            "doctor", "--token", SoftHSM.uri, "--pin-file", fixture.token.pinFile, "--seconds", "0.02",
            "--maximum-sessions", "4", "--json",
        ])
        #expect(result.status == 1, "\(result.output)")
        let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let keys = try #require(report?["keys"] as? [[String: Any]])
        #expect(
            keys.count == 6
                && keys.allSatisfy { $0["signature"] as? String == "the signature does not verify" },
            "\(keys)")
        #expect(try fixture.objects() == before)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP], ["C_GenerateKeyPair", "C_Sign", "C_OpenSession"])
    func `a doctor that is interrupted leaves no key behind`(_ signal: Int32, _ place: String) throws {
        let fixture = try Fixture()
        let before = try fixture.objects()
        let process = try ChildProcess(
            Products.path("signet-token"),
            [
                "doctor", "--token", SoftHSM.uri, "--pin-file", fixture.token.pinFile, "--seconds", "20",
                "--maximum-sessions", "100000",
            ] + Fixture.module, environment: fixture.environment,
            errors: .file(fixture.directory.handle("errors")))
        // Interrupts it after it has made a key.
        while process.isRunning {
            if try fixture.calls(of: "C_GenerateKeyPair") > 0, try fixture.calls(of: place) > 2 { break }
            usleep(2000)
        }
        process.send(signal)
        let status = process.wait()
        let errors = try fixture.directory.text("errors")
        #expect(status == .exited(128 + signal), "\(errors)")
        #expect(errors.contains("interrupted by signal \(signal); no key was left behind"), "\(errors)")
        #expect(try fixture.objects() == before)
    }

    @Test func `a doctor's key that cannot be destroyed is named`() throws {
        let fixture = try Fixture("C_DestroyObject * return 0x30")
        let result = try fixture.run([
            "doctor", "--token", SoftHSM.uri, "--pin-file", fixture.token.pinFile, "--seconds", "0.02",
            "--maximum-sessions", "4",
        ])
        #expect(result.status == 1)
        #expect(
            result.errors.contains("are still on the token (CKA_LABEL signet-doctor): CKA_ID 7369676e65742d"),
            "\(result.errors)")
    }

    // MARK: A destroyed public object

    @Test(arguments: [("EC_prime256v1", "SHA256WITHECDSA"), ("RSA_2048", "SHA256WITHRSA")])
    func `a root whose public object was destroyed signs again after the documented step`(
        _ algorithm: String, _ signing: String
    ) async throws {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot(algorithm, signing) }
        let pem = try daemon.signet(["ca", "certificate", root])
        #expect(pem.status == 0, "\(pem.errors)")
        try daemon.directory.write("root.pem", pem.output)
        let keys = try Command.run(
            Products.path("signet-token"),
            [
                "keys", "--json", "--module", SoftHSM.modulePath, "--token", SoftHSM.uri, "--pin-file",
                daemon.token.pinFile,
            ], environment: daemon.token.environment)
        let list = try JSONSerialization.jsonObject(with: Data(keys.output.utf8)) as? [[String: Any]]
        let label = try #require(root.split(separator: "/").last.map(String.init))
        let identifier = try #require(
            list?.first { $0["label"] as? String == label }?["identifier"] as? String, "\(keys.output)")
        daemon.stop()
        let destroyed = try daemon.token.pkcs11Tool([
            "--delete-object", "--type", "pubkey", "--id", identifier,
        ])
        #expect(destroyed.status == 0, "\(destroyed.errors)")

        func issue() async throws {
            let request = try OpenSSLRequest.make()
            _ = try await daemon.client { try await $0.issue(request, by: root, signingAlgorithm: signing) }
        }
        try daemon.start()
        await #expect(throws: (any Error).self) { try await issue() }
        #expect(try daemon.log().contains("no public key with CKA_ID \(identifier)"))
        daemon.stop()
        // Docs/Operations.md, "A public object that is gone".
        let spki = daemon.directory.path("root.spki")
        let text = try Command.output(
            "openssl", ["x509", "-in", daemon.directory.path("root.pem"), "-noout", "-pubkey"])
        try daemon.directory.write("root.pub", text)
        try Command.output(
            "openssl",
            ["pkey", "-pubin", "-in", daemon.directory.path("root.pub"), "-outform", "DER", "-out", spki])
        let written = try daemon.token.pkcs11Tool([
            "--write-object", spki, "--type", "pubkey", "--id", identifier, "--label", label,
        ])
        #expect(written.status == 0, "\(written.errors)")
        try daemon.start()
        try await issue()
        daemon.stop()
    }
}
