import APIClient
import Foundation
import TestSupport
import Testing

/// The steps of Docs/Operations.md, "A new PIN", on a running daemon.
struct PINRotationTests {
    /// A daemon with an authority, whose token gets a new PIN.
    private struct Fixture {
        let daemon: Daemon
        let root: String

        init() async throws {
            daemon = try Daemon()
            try daemon.start()
            root = try await daemon.client { try await $0.activeRoot() }
        }

        func changePIN() throws {
            try daemon.directory.write("new-pin", "87654321", mode: 0o600)
            try Command.run(
                Products.path("signet-token"),
                [
                    "change-pin", "--module", SoftHSM.modulePath, "--token", SoftHSM.uri, "--pin-file",
                    daemon.token.pinFile, "--new-pin-file", daemon.directory.path("new-pin"),
                ], environment: ["SOFTHSM2_CONF": daemon.token.directory.path("softhsm2.conf")]
            ).require()
        }

        func replaceFile() throws {
            try Command.output(
                "install", ["-m", "0600", daemon.directory.path("new-pin"), daemon.token.pinFile])
        }

        func issue() async throws {
            let csr = try OpenSSLRequest.make()
            _ = try await daemon.client { try await $0.issue(csr, by: root) }
        }

        func token(_ command: String) throws -> Command { try daemon.signet(["token", command, "main"]) }
    }

    @Test func `a new PIN is taken without a restart`() async throws {
        let fixture = try await Fixture()
        try fixture.changePIN()
        // The login of the worker goes on.
        try await fixture.issue()
        try fixture.replaceFile()
        try fixture.token("drain").require()
        let error = await #expect(throws: APIClientError.self) { try await fixture.issue() }
        guard case .service("ServiceUnavailable", let message, _) = error else {
            Issue.record("\(error.map { "\($0)" } ?? "")")
            return
        }
        #expect(message.contains("try again later"))
        let resumed = try fixture.token("resume")
        #expect(resumed.status == 0 && resumed.output == "main is in service\n", "\(resumed)")
        // It serves when the command returns.
        #expect(try fixture.daemon.health().hasSuffix("ready\n"))
        try await fixture.issue()
        #expect(fixture.daemon.stop() == 0)
    }

    @Test func `a PIN file that was not replaced refuses the token until it is mended and resumed`()
        async throws
    {
        let fixture = try await Fixture()
        try fixture.changePIN()
        try fixture.token("drain").require()
        let refused = try fixture.token("resume")
        #expect(refused.status == 69 && refused.errors.contains("one more try"), "\(refused)")
        #expect(try fixture.daemon.health().contains("main REFUSED"))
        await #expect(throws: APIClientError.self) { try await fixture.issue() }
        // No pause after failures keeps an officer from trying at once.
        #expect(try fixture.token("resume").errors.contains("one more try"))
        try fixture.replaceFile()
        let resumed = try fixture.token("resume")
        #expect(resumed.status == 0, "\(resumed)")
        try await fixture.issue()
        // The wrong PIN was tried once for each resume, and by nothing else.
        let events = try fixture.daemon.events(ofDaemon: true).compactMap { $0["eventName"] as? String }
        #expect(events.count { $0 == "TokenRefused" } == 2, "\(events)")
        #expect(fixture.daemon.stop() == 0)
    }
}
