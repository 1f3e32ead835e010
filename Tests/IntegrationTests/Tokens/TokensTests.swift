import Foundation
import TestSupport
import Testing

/// A daemon with several tokens, and PINs from sources other than files.
struct TokensTests {
    /// A second entry: the same SoftHSM under another label.
    private static func second(_ daemonDirectory: String, _ pin: String = "file: pin") -> String {
        """
          - name: second
            module: \(SoftHSM.modulePath)
            uri: "pkcs11:token=second"
            pin:
              \(pin)
            environment:
              SOFTHSM2_CONF: \(daemonDirectory)/softhsm2.conf
        """
    }

    @Test func `tokens are listed, drained and resumed, and the log records it`() async throws {
        let directory = try TemporaryDirectory()
        let token = try SoftHSM(directory)
        try token.addToken(label: "second")
        let daemon = try Daemon(tokens: Self.second(directory.path, "file: \(token.pinFile)"), on: token)
        try daemon.start()
        // SoftHSM sometimes refuses two processes that start simultaneously; the daemon retries by itself.
        try await daemon.waitUntilReady()
        let list = try daemon.signet(["token", "list"])
        #expect(list.output.contains("second") && list.output.contains("SERVING"), "\(list)")
        let root = try await daemon.client { try await $0.activeRoot() }
        #expect(try daemon.signet(["token", "drain", "second"]).output == "second is out of service\n")
        #expect(try daemon.health().hasSuffix("degraded: second DRAINED\n"))
        let csr = try OpenSSLRequest.make()
        _ = try await daemon.client { try await $0.issue(csr, by: root) }
        // The authority's key is only on the first token.
        #expect(try daemon.signet(["token", "drain", "main"]).status == 0)
        #expect(daemon.workers().isEmpty)
        await #expect(throws: (any Error).self) {
            try await daemon.client { try await $0.issue(csr, by: root) }
        }
        #expect(try daemon.signet(["token", "resume", "main"]).output == "main is in service\n")
        _ = try await daemon.client { try await $0.issue(csr, by: root) }
        let missing = try daemon.signet(["token", "drain", "third"])
        #expect(missing.status == 66 && missing.errors.contains("There is no token called third"))
        let names = try daemon.events(ofDaemon: true).compactMap { $0["eventName"] as? String }
        #expect(names.count { $0 == "TokenDrained" } == 2)
        #expect(names.contains("TokenResumed"))
        let opened = try #require(
            try daemon.events(ofDaemon: true).first { $0["eventName"] as? String == "TokenOpened" }?[
                "serviceEventDetails"] as? [String: Any])
        #expect(opened["pinSource"] as? String == "file \(token.pinFile)")
        #expect((opened["moduleSHA256"] as? String)?.count == 64)
        #expect(try daemon.events().contains { $0["eventName"] as? String == "DrainToken" })
    }

    @Test func `a caller without permission cannot drain a token`() throws {
        let daemon = try Daemon(
            principals: """
                  - uid: \(geteuid())
                    arn: arn:aws:iam::000000000000:role/reader
                    policies: [reader.json]
                """,
            policies: [
                "reader.json":
                    #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "signet:ListTokens", "Resource": "*"}}"#
            ])
        try daemon.start()
        #expect(try daemon.signet(["token", "list"]).status == 0)
        let refused = try daemon.signet(["token", "drain", "main"])
        #expect(refused.status == 77 && refused.errors.contains("AccessDeniedException"), "\(refused.errors)")
        #expect(refused.errors.contains("signet:DrainToken"))
    }

    /// Issues a certificate, kills the worker, and issues again, so that the PIN is needed twice.
    private func checkSurvivesWorker(_ daemon: Daemon, provenance: String) async throws {
        let root = try await daemon.client { try await $0.activeRoot() }
        let worker = try #require(daemon.workers().first)
        kill(worker, SIGKILL)
        let csr = try OpenSSLRequest.make()
        _ = try await daemon.client { try await $0.issue(csr, by: root) }
        #expect(daemon.workers().first != worker)
        let sources = try daemon.events(ofDaemon: true)
            .compactMap { ($0["serviceEventDetails"] as? [String: Any])?["pinSource"] as? String }
        #expect(sources == [provenance, provenance])
        for (name, _) in [("log", ""), ("signetd.yaml", "")] {
            #expect(try !daemon.directory.text(name).contains(SoftHSM.pin))
        }
    }

    @Test func `a PIN from a descriptor is available to a new worker, and the daemon does not read it`()
        async throws
    {
        let daemon = try Daemon()
        try StartupTests.edit(daemon, "file: \(daemon.token.pinFile)", "descriptor: 9")
        try daemon.start(wrappedIn: ["sh", "-c", "exec \"$@\" 9< '\(daemon.token.pinFile)'", "sh"])
        try await checkSurvivesWorker(daemon, provenance: "descriptor 9")
        // If the daemon had read it, the descriptor would be empty.
        daemon.stop()
        let again = try Command.run(
            "sh",
            [
                "-c", "exec \"$0\" --config \"$1\" 9< /dev/null", Products.path("signetd"),
                daemon.directory.path("signetd.yaml"),
            ])
        #expect(again.status == 69)
        #expect(again.errors.contains("holds no PIN"), "\(again.errors)")
        #expect(again.errors.contains("there is no PIN for the token `main`"), "\(again.errors)")
    }

    @Test func `the daemon prompts for a PIN on its terminal`() async throws {
        let daemon = try Daemon()
        try StartupTests.edit(daemon, "file: \(daemon.token.pinFile)", "prompt: true")
        let answers = try JSONSerialization.data(withJSONObject: [
            ["user PIN of the token main: ", SoftHSM.pin]
        ])
        try daemon.start(
            wrappedIn: [
                Products.python, "\(Products.root)/Tests/IntegrationTests/Python/terminal.py",
                String(decoding: answers, as: UTF8.self),
            ], isReadyWhen: { FileManager.default.fileExists(atPath: daemon.socketPath) })
        let root = try await daemon.client { try await $0.activeRoot() }
        let csr = try OpenSSLRequest.make()
        _ = try await daemon.client { try await $0.issue(csr, by: root) }
        let withoutTerminal = try Command.run(
            "setsid", ["--wait", Products.path("signetd"), "--config", daemon.directory.path("signetd.yaml")])
        #expect(withoutTerminal.status != 0)
    }

    @Test func `a systemd credential is read, with the group permissions that systemd sets`() async throws {
        let daemon = try Daemon()
        try StartupTests.edit(daemon, "file: \(daemon.token.pinFile)", "credential: signet-pin")
        try FileManager.default.createDirectory(
            atPath: daemon.directory.path("credentials"), withIntermediateDirectories: true)
        try daemon.directory.write("credentials/signet-pin", SoftHSM.pin, mode: 0o440)
        try daemon.start(environment: ["CREDENTIALS_DIRECTORY": daemon.directory.path("credentials")])
        try await checkSurvivesWorker(daemon, provenance: "systemd credential signet-pin")
        daemon.stop()
        try FileManager.default.removeItem(atPath: daemon.directory.path("credentials/signet-pin"))
        try daemon.directory.write("credentials/signet-pin", SoftHSM.pin, mode: 0o444)
        let open = try Command.run(
            Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml")],
            environment: ["CREDENTIALS_DIRECTORY": daemon.directory.path("credentials")])
        #expect(open.status == 69 && open.errors.contains("can be written by its group or read by others"))
    }
}
