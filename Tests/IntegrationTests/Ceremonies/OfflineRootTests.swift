import Foundation
import TestSupport
import Testing

/// The commands of `Docs/Ceremony.md`, as they are there.
struct OfflineRootTests {
    @Test func `the documented road from the daemon's key under an offline root to a leaf`() throws {
        let fixture = try CeremonyFixture()
        #expect(try fixture.run("root").status == 0)
        let daemon = try Daemon()
        try daemon.start()
        let commands = try Document("Docs/Ceremony.md").shell(
            inSection: "An issuing authority under an offline root"
        ).joined()
        #expect(commands.contains("ca import"))
        let settings = """
            set -euo pipefail
            cd '\(fixture.directory.path("."))'
            PATH='\(Products.path("."))':$PATH
            module='\(SoftHSM.modulePath)'
            token='\(SoftHSM.uri)'
            profile='\(Products.root)/HSMConfig/profiles/softhsm.yaml'

            """
        let result = try Terminal.run(
            [
                ("user PIN of \(SoftHSM.label): ", SoftHSM.pin),
                ("Type your name to confirm: ", "Alice Example"),
                ("Type your name to confirm: ", "Bob Example"),
            ], "bash", ["-c", settings + commands],
            environment: fixture.token.environment.merging(["SIGNET_SOCKET": daemon.socketPath]) { $1 })
        #expect(result.status == 0 && result.output.contains("web.pem: OK"), "\(result.output)")
        #expect(try daemon.signet(["ca", "list"]).output.contains("ACTIVE"))
        // The leaf names its issuer, and not the root alone.
        let issuer = try fixture.openssl([
            "x509", "-in", fixture.directory.path("web.pem"), "-noout", "-issuer",
        ])
        #expect(issuer.output.contains("Example Issuing CA 1"), "\(issuer.output)")
        let alone = try fixture.openssl([
            "verify", "-CAfile", fixture.directory.path("example-root-2026.pem"),
            fixture.directory.path("web.pem"),
        ])
        #expect(alone.status != 0)
    }
}
