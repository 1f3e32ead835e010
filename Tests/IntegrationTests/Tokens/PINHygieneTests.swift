import Foundation
import TestSupport
import Testing

/// Case 11 of `Tests/Cases`, and similar ones: a PIN with characters that cannot be typed is not tried,
/// wherever it comes from.
struct PINHygieneTests {
    struct Leftover: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let reason: String
    }

    private static let pin = Array(SoftHSM.pin.utf8)
    private static let control = "holds a control character"
    private static let blank = "holds a blank at its"

    static let leftovers: [Leftover] = [
        .init(testDescription: "two line feeds", bytes: pin + [0x0A, 0x0A], reason: control),
        .init(testDescription: "a line feed before the PIN", bytes: [0x0A] + pin, reason: control),
        .init(testDescription: "a blank after the PIN", bytes: pin + [0x20], reason: blank),
        .init(testDescription: "a blank and a line feed", bytes: pin + [0x20, 0x0A], reason: blank),
        .init(testDescription: "a blank before the PIN", bytes: [0x20] + pin, reason: blank),
        .init(testDescription: "a carriage return", bytes: pin + [0x0D], reason: control),
        .init(
            testDescription: "two Windows line ends", bytes: pin + [0x0D, 0x0A, 0x0D, 0x0A], reason: control),
        .init(
            testDescription: "a byte order mark", bytes: [0xEF, 0xBB, 0xBF] + pin,
            reason: "holds a byte order mark"),
        .init(
            testDescription: "a byte order mark after the PIN", bytes: pin + [0xEF, 0xBB, 0xBF],
            reason: "holds a byte order mark"),
        .init(
            testDescription: "UTF-16, little-endian", bytes: [0xFF, 0xFE] + pin.flatMap { [$0, 0] },
            reason: "holds text in UTF-16"),
        .init(
            testDescription: "UTF-16, big-endian", bytes: [0xFE, 0xFF] + pin.flatMap { [0, $0] },
            reason: "holds text in UTF-16"),
        .init(testDescription: "UTF-16 without a mark", bytes: pin.flatMap { [$0, 0] }, reason: control),
        .init(testDescription: "a tab", bytes: pin + [0x09], reason: control),
        .init(testDescription: "a NUL", bytes: pin + [0x00], reason: control),
        .init(
            testDescription: "an escape character inside", bytes: pin.prefix(4) + [0x1B] + pin.dropFirst(4),
            reason: control),
        .init(testDescription: "DEL", bytes: pin + [0x7F], reason: control),
        .init(testDescription: "a C1 control (U+0085)", bytes: pin + [0xC2, 0x85], reason: control),
        .init(testDescription: "a no-break space", bytes: pin + [0xC2, 0xA0], reason: blank),
        .init(testDescription: "an ideographic space", bytes: [0xE3, 0x80, 0x80] + pin, reason: blank),
        .init(
            testDescription: "a zero-width space", bytes: pin + [0xE2, 0x80, 0x8B],
            reason: "a character that is not seen"),
        .init(
            testDescription: "a line separator", bytes: pin + [0xE2, 0x80, 0xA8],
            reason: "a character that is not seen"),
    ]

    /// A token that counts logins.
    private struct Fixture {
        let directory: TemporaryDirectory
        let token: SoftHSM
        var environment: [String: String]

        init() throws {
            directory = try TemporaryDirectory()
            token = try SoftHSM(directory)
            environment = token.environment
            environment["SIGNET_FAULTY_MODULE"] = SoftHSM.modulePath
            environment["SIGNET_FAULTY_CONTROL"] = directory.path("script")
            environment["SIGNET_FAULTY_LOG"] = directory.path("calls")
            try directory.write("script", "# well behaved\n")
            try directory.write("calls", "")
        }

        static let module = [
            "--module", Products.path("libCFaultyModule.so"), "--module-directory", "/",
            "--insecure-own-modules",
            "--token", SoftHSM.uri,
        ]

        func write(_ bytes: [UInt8]) throws {
            try directory.write("pin", Data(bytes))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600], ofItemAtPath: directory.path("pin"))
        }

        var logins: Int {
            get throws { try directory.text("calls").split(separator: "\n").count { $0 == "C_Login" } }
        }

        func expectRefusal(_ command: Command, _ reason: String) throws {
            let text = command.output + command.errors
            #expect(command.status == 1, "\(text)")
            #expect(text.contains(reason) && text.contains("so no PIN was tried"), "\(text)")
            for secret in ["correct", "horse", "7391"] { #expect(!text.contains(secret), "\(text)") }
            #expect(try logins == 0)
        }
    }

    @Test(arguments: leftovers)
    func `a PIN with characters that cannot be typed is not tried, from a file, a credential or a descriptor`(
        _ one: Leftover
    ) throws {
        let fixture = try Fixture()
        try fixture.write(one.bytes)
        let program = Products.path("signet-token")
        let file = fixture.directory.path("pin")
        try fixture.expectRefusal(
            Command.run(
                program, ["keys"] + Fixture.module + ["--pin-file", file], environment: fixture.environment),
            one.reason)
        var environment = fixture.environment
        environment["CREDENTIALS_DIRECTORY"] = fixture.directory.path
        try fixture.expectRefusal(
            Command.run(
                program, ["keys"] + Fixture.module + ["--pin-credential", "pin"], environment: environment),
            one.reason)
        try fixture.expectRefusal(
            Command.run(
                "sh",
                ["-c", "exec \"$@\" 5<\(file)", "sh", program, "keys"] + Fixture.module + [
                    "--pin-descriptor", "5",
                ],
                environment: fixture.environment), one.reason)
    }

    @Test(arguments: [
        "correct horse 7391 ", " correct horse 7391", "correct horse 7391\u{1B}", "correct horse 7391\u{A0}",
    ])
    func `a PIN typed with additional characters is not tried`(_ typed: String) throws {
        let fixture = try Fixture()
        let result = try Terminal.run(
            [("user PIN of signet-test: ", typed)], Products.path("signet-token"), ["keys"] + Fixture.module,
            environment: fixture.environment)
        try fixture.expectRefusal(result, typed.utf8.contains(0x1B) ? Self.control : Self.blank)
    }

    @Test(arguments: [[], [0x0A], [0x0D, 0x0A]] as [[UInt8]])
    func `a PIN with blanks inside and at most one line end after it is tried`(_ end: [UInt8]) throws {
        let fixture = try Fixture()
        try fixture.write(Self.pin + end)
        let result = try Command.run(
            Products.path("signet-token"),
            ["keys"] + Fixture.module + ["--pin-file", fixture.directory.path("pin")],
            environment: fixture.environment)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try fixture.logins == 1)
    }

    @Test func `a new PIN must satisfy the same rules`() throws {
        let fixture = try Fixture()
        try fixture.directory.write("new", "another one 22 \n", mode: 0o600)
        let result = try Command.run(
            Products.path("signet-token"),
            ["change-pin"] + Fixture.module + [
                "--pin-file", fixture.token.pinFile, "--new-pin-file", fixture.directory.path("new"),
            ],
            environment: fixture.environment)
        try fixture.expectRefusal(result, Self.blank)
        #expect(!result.errors.contains("another"))
    }

    @Test func `with such a PIN the daemon does not start, and does not try it`() throws {
        let daemon = try Daemon()
        try daemon.directory.write("pin", SoftHSM.pin + "\n\n", mode: 0o600)
        let start = try Command.run(
            Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml")])
        #expect(start.status == 69 && start.errors.contains(Self.control), "\(start.errors)")
        #expect(!(start.errors + start.output).contains("horse"))
    }
}
