internal import Foundation

/// A separate SoftHSM token in its own directory.
public struct SoftHSM: Sendable {
    public static let label = "signet-test"
    public static let pin = "correct horse 7391"
    public static let uri = "pkcs11:token=\(label)"

    public let directory: TemporaryDirectory

    /// The environment variables that make the token visible to a program.
    public var environment: [String: String] { ["SOFTHSM2_CONF": directory.path("softhsm2.conf")] }

    public var pinFile: String { directory.path("pin") }

    public static let modulePath: String =
        [
            "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
            "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
        ].first { FileManager.default.fileExists(atPath: $0) } ?? "libsofthsm2.so-is-not-installed"

    /// Initializes a token in `directory`.
    public init(_ directory: TemporaryDirectory, label: String = label) throws {
        self.directory = directory
        try FileManager.default.createDirectory(
            atPath: directory.path("tokens"), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try directory.write(
            "softhsm2.conf",
            "directories.tokendir = \(directory.path("tokens"))\nobjectstore.backend = file\nlog.level = ERROR\n"
        )
        try directory.write("pin", Self.pin + "\n", mode: 0o600)
        try addToken(label: label)
    }

    /// Initializes another token beside the first.
    public func addToken(label: String) throws {
        try Command.output(
            "softhsm2-util",
            ["--init-token", "--free", "--label", label, "--so-pin", "87654321", "--pin", Self.pin],
            environment: environment)
    }

    /// Runs OpenSC's `pkcs11-tool` on the token, logged in.
    public func pkcs11Tool(_ arguments: [String]) throws -> Command {
        try Command.run(
            "pkcs11-tool",
            ["--module", Self.modulePath, "--token-label", Self.label, "--login", "--pin", Self.pin]
                + arguments,
            environment: environment)
    }
}
