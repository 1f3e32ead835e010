import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Faults below and beside the responder, which serves what it has throughout.
@Suite(.timeLimit(.minutes(5)))
struct ResponderFaultTests {
    private static func wait(_ isDone: () throws -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(120)
        while try !isDone() {
            try #require(ContinuousClock.now < limit, "it has not happened")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func get(_ port: Int, _ path: String) throws -> Command {
        try Command.run(
            "curl", ["--silent", "--fail", "--max-time", "60", "http://127.0.0.1:\(port)\(path)"])
    }

    @Test func `a token that hangs while a CRL is due raises the alarm, and recovers by itself`() async throws
    {
        let directory = try TemporaryDirectory()
        let token = try SoftHSM(directory)
        try directory.write("script", "# well behaved\n")
        let daemon = try Daemon(
            tokens: """
                      SIGNET_FAULTY_MODULE: \(SoftHSM.modulePath)
                      SIGNET_FAULTY_CONTROL: \(directory.path("script"))
                      SIGNET_FAULTY_LOG: \(directory.path("calls"))
                    sign-seconds: 1
                insecure-own-modules: true
                module-directories: [/]
                """, module: Products.path("libCFaultyModule.so"), on: token)
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let csr = try OpenSSLRequest.make()
        let issued = try await daemon.client { try await $0.issue(csr, by: root) }
        try directory.write("leaf.pem", issued.certificate)
        let serial = try Command.output(
            "openssl", ["x509", "-noout", "-serial", "-in", directory.path("leaf.pem")]
        ).dropFirst("serial=".count).trimmingCharacters(in: .newlines)
        let responder = try Responder(of: daemon)
        let path = "/crl/\(root.suffix(36)).crl"
        try await Self.wait { try Self.get(responder.port, path).status == 0 }
        let before = try Data(contentsOf: URL(fileURLWithPath: daemon.directory.path("published\(path)")))

        try directory.write("script", "C_Sign 1 hang\n")
        try daemon.signet(["certificate", "revoke", serial, "--reason", "superseded", "--yes"]).require()
        try await daemon.waitForEvent("CRLNotPublished")
        try await Self.wait { try daemon.health().contains("publish-crls FAILING") }
        #expect(try Self.get(responder.port, path).status == 0)
        #expect(try Self.get(responder.port, "/health/live").output == "live\n")
        let during = try Data(contentsOf: URL(fileURLWithPath: daemon.directory.path("published\(path)")))
        #expect(during == before, "the old CRL is whole")

        try directory.write("script", "# well behaved\n")
        try await Self.wait {
            let shown = try Command.run(
                Products.path("signet"), ["crl", "show", "http://127.0.0.1:\(responder.port)\(path)"])
            return shown.output.contains(serial.lowercased())
        }
        try await daemon.waitUntilReady()
        #expect(daemon.stop() == 0)
    }

    @Test func `a responder that was killed starts again with the socket of systemd`() async throws {
        let lab = try await RevocationLab(tiers: 2, hasOCSP: true)
        let responder = try #require(lab.responder)
        let path = "/crl/\(lab.issuing.suffix(36)).crl"
        #expect(try Self.get(responder.port, path).status == 0)
        _ = responder.stop(SIGKILL)
        // systemd holds the port, and starts the program with the first connection.
        let errors = try TemporaryDirectory()
        let activated = try ChildProcess(
            "systemd-socket-activate",
            [
                "--listen", "127.0.0.1:\(responder.port)", Products.path("signet-responder"), "--directory",
                lab.daemon.directory.path("published"), "--socket", lab.daemon.socketPath,
            ], errors: .file(errors.handle("log")))
        defer { activated.terminate() }
        // curl is refused until systemd listens.
        try await Self.wait { try Self.get(responder.port, path).status == 0 }
        let good = try Command.run(
            Products.path("signet"), ["ocsp", "check", lab.files.path("good.pem")])
        #expect(good.status == 0 && good.output.contains("Nonce     echoed"), "\(good)")
        let revoked = try Command.run(
            Products.path("signet"), ["ocsp", "check", lab.files.path("revoked.pem"), "--no-nonce"])
        #expect(revoked.status == 1 && revoked.output.contains("Status    revoked"), "\(revoked)")
        activated.send(SIGTERM)
        #expect(activated.wait().code == 0)
    }
}
