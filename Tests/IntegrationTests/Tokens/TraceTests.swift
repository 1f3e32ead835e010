import Foundation
import TestSupport
import Testing

/// `trace-module`: every call of a worker is traced, without the PIN.
struct TraceTests {
    private static let spy =
        ["/usr/lib/x86_64-linux-gnu/pkcs11/pkcs11-spy.so", "/usr/lib/aarch64-linux-gnu/pkcs11/pkcs11-spy.so"]
        .first { FileManager.default.fileExists(atPath: $0) } ?? "pkcs11-spy.so-is-not-installed"

    /// The PIN as it would appear in a dump: sixteen octets a line, in hexadecimal and as text.
    private static func expectNoPIN(in trace: String) {
        let pin = Array(SoftHSM.pin.utf8)
        #expect(!trace.contains(SoftHSM.pin))
        let bytes = trace.lowercased().filter { !$0.isWhitespace }
        for start in stride(from: 0, to: pin.count - 3, by: 1) {
            let part = pin[start..<(start + 4)].map { String($0, radix: 16) }.joined()
            #expect(!bytes.contains(part), "\(part)")
        }
        #expect(!trace.contains("C_Login") && !trace.contains("pPin"))
    }

    @Test func `a trace of a worker does not contain its PIN, and the daemon logs a warning`() async throws {
        let directory = try TemporaryDirectory()
        let daemon = try Daemon(
            tokens:
                "      PKCS11SPY_OUTPUT: \(directory.path("trace"))\n    trace-module: \(Self.spy)\n    paths: [\(directory.path(""))]"
        )
        try daemon.start()
        _ = try await daemon.client { try await $0.activeRoot() }
        try await daemon.waitForEvent(ofDaemon: true, "TokenTraced")
        let trace = try directory.text("trace")
        for call in ["C_GenerateKeyPair", "C_SignInit", "C_Sign", "C_GetAttributeValue", "C_OpenSession"] {
            #expect(trace.contains(": \(call)\n"), "\(call)")
        }
        Self.expectNoPIN(in: trace)
        let log = try daemon.log()
        #expect(log.contains("critical") && log.contains("trace-module: every PKCS#11 call"), "\(log)")
        let event = try #require(
            try daemon.events(ofDaemon: true).first { $0["eventName"] as? String == "TokenTraced" })
        let text = "\(event)"
        #expect(text.contains(Self.spy) && text.contains(directory.path("trace")), "\(text)")
        let mode = try FileManager.default.attributesOfItem(atPath: directory.path("trace"))[
            .posixPermissions]
        #expect((mode as? Int).map { $0 & 0o077 } == 0)
    }

    @Test func `the spy module without the guard writes PINs to the trace`() throws {
        // Proves that the search of this suite would find a PIN.
        let directory = try TemporaryDirectory()
        let token = try SoftHSM(directory)
        var environment = token.environment
        environment["PKCS11SPY"] = SoftHSM.modulePath
        environment["PKCS11SPY_OUTPUT"] = directory.path("trace")
        _ = try Command.run(
            "pkcs11-tool",
            [
                "--module", Self.spy, "--token-label", SoftHSM.label, "--login", "--pin", SoftHSM.pin,
                "--list-objects",
            ],
            environment: environment)
        let trace = try directory.text("trace")
        #expect(trace.contains("C_Login") && trace.contains("pPin"))
    }

    @Test func `a trace module is loaded only from files of root`() throws {
        let directory = try TemporaryDirectory()
        try Command.output("cp", [Self.spy, directory.path("spy.so")])
        let daemon = try Daemon(tokens: "    trace-module: \(directory.path("spy.so"))")
        let start = try Command.run(
            Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml")])
        #expect(start.status == 69, "\(start.errors)")
        #expect(
            start.errors.contains("spy.so` lies outside the directories modules are loaded from"),
            "\(start.errors)")
    }
}
