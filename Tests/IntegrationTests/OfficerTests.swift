import Foundation
import TestSupport
import Testing

/// The security officer's tool, on a real token.
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

    @Test func `a key of Signet's own proves itself, and every attempt on it is refused`() async throws {
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
        // The keys still sign: nothing was changed.
        _ = try await daemon.client { try await $0.activeRoot() }
    }

    @Test func `a weak key is shown for what it is, and is not weakened further`() throws {
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

    @Test func `what cannot be used is said`() throws {
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
        #expect(module.errors.contains("cannot be loaded"))
    }
}
