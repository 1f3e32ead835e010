import Foundation
import TestSupport
import Testing
import TokenProtocol
import Tokens

extension TokenTests {
    struct Misconfiguration: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let change: @Sendable (inout TokenConfiguration, TemporaryDirectory) throws -> Void
        let reason: String
    }

    static let misconfigurations = [
        Misconfiguration(
            testDescription: "a missing module",
            change: { configuration, _ in configuration.module.path = "/nonexistent/module.so" },
            reason: "`/nonexistent/module.so` cannot be loaded"),
        Misconfiguration(
            testDescription: "a library that is not a module",
            change: { configuration, _ in configuration.module.path = "/lib/x86_64-linux-gnu/libm.so.6" },
            reason: "not a PKCS#11 module"),
        Misconfiguration(
            testDescription: "a missing token",
            change: { configuration, _ in configuration.tokenURI = "pkcs11:token=missing" },
            reason: "no token matches `pkcs11:token=missing`; present: `signet-test`"),
        Misconfiguration(
            testDescription: "a URI that could mean any token",
            change: { configuration, _ in configuration.tokenURI = "pkcs11:manufacturer=SoftHSM%20project" },
            reason: "names neither `token` nor `serial`"),
        Misconfiguration(
            testDescription: "a URI with a PIN in it",
            change: { configuration, _ in configuration.tokenURI = "pkcs11:token=signet-test?pin-value=1234"
            },
            reason: "`pin-value`"),
        Misconfiguration(
            testDescription: "a URI that names two tokens",
            change: { configuration, _ in configuration.tokenURI = "pkcs11:token=signet-test;token=other" },
            reason: "more than one `token` attribute"),
        Misconfiguration(
            testDescription: "a URI that names a slot",
            change: { configuration, _ in configuration.tokenURI = "pkcs11:token=signet-test;slot-id=99" },
            reason: "`slot-id` attribute, which says nothing of a token"),
        Misconfiguration(
            testDescription: "a URI of an object",
            change: { configuration, _ in configuration.tokenURI = "pkcs11:token=signet-test;object=key" },
            reason: "is not a PKCS#11 URI for a token"),
        Misconfiguration(
            testDescription: "an empty URI",
            change: { configuration, _ in configuration.tokenURI = "signet-test" },
            reason: "is not a PKCS#11 URI"),
        Misconfiguration(
            testDescription: "two tokens that match",
            change: { _, directory in
                try Command.output(
                    "softhsm2-util",
                    [
                        "--init-token", "--free", "--label", SoftHSM.label, "--so-pin", "87654321", "--pin",
                        "1234",
                    ],
                    environment: ["SOFTHSM2_CONF": directory.path("softhsm2.conf")])
            }, reason: "2 tokens match"),
        Misconfiguration(
            testDescription: "no PIN file",
            change: { configuration, _ in configuration.pin = .file("/nonexistent/pin") },
            reason: "cannot be opened"),
        Misconfiguration(
            testDescription: "a PIN file that other users can read",
            change: { _, directory in try directory.write("pin", SoftHSM.pin, mode: 0o644) },
            reason: "can be read by others; run `chmod 600"),
        Misconfiguration(
            testDescription: "an empty PIN file",
            change: { _, directory in try directory.write("pin", "\n", mode: 0o600) }, reason: "is empty"),
        Misconfiguration(
            testDescription: "a PIN file that is a link",
            change: { configuration, directory in
                try FileManager.default.createSymbolicLink(
                    atPath: directory.path("link"), withDestinationPath: directory.path("pin"))
                configuration.pin = .file(directory.path("link"))
            }, reason: "cannot be opened"),
        Misconfiguration(
            testDescription: "a PIN file in a directory that other users can write",
            change: { configuration, directory in
                try pinBelow(directory.path("open"), mode: "777", &configuration, directory)
            }, reason: "cannot be trusted: others can write `"),
        Misconfiguration(
            testDescription: "a PIN file behind a link in a directory that other users can write",
            change: { configuration, directory in
                try pinBelow(directory.path("open"), mode: "770", &configuration, directory)
                try FileManager.default.createSymbolicLink(
                    atPath: directory.path("way"), withDestinationPath: directory.path("open"))
                configuration.pin = .file(directory.path("way/pin"))
            }, reason: "/open`; run `chmod go-w "),
        Misconfiguration(
            testDescription: "a missing worker",
            change: { configuration, _ in configuration.workerPath = "/nonexistent/worker" },
            reason: "the token worker `/nonexistent/worker` cannot be started"),
        Misconfiguration(
            testDescription: "a worker that answers nothing",
            change: { configuration, _ in configuration.workerPath = "/bin/true" },
            reason: "ended unexpectedly"),
    ]

    /// Moves the PIN file into a new directory with this mode.
    private static func pinBelow(
        _ path: String, mode: String, _ configuration: inout TokenConfiguration,
        _ directory: TemporaryDirectory
    ) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try Command.output("mv", [directory.path("pin"), path])
        try Command.output("chmod", [mode, path])
        configuration.pin = .file(path + "/pin")
    }

    @Test(arguments: misconfigurations)
    func `a faulty configuration is reported with advice`(_ entry: Misconfiguration) async throws {
        var failure: (any Error)?
        let token = token { configuration in
            do { try entry.change(&configuration, directory) } catch { failure = error }
        }
        if let failure { throw failure }
        let error = await #expect(throws: HSMError.self) { try await token.open() }
        #expect(error?.description.contains(entry.reason) == true, "\(String(describing: error))")
        #expect(error?.description.contains(SoftHSM.pin) == false)
    }
}
