import APIClient
import Foundation
import TestSupport
import Testing

/// A daemon whose token is behind the hostile module.
struct HostileFixture {
    /// The errno of a finding, and the text after it.
    struct Finding {
        let error: Int32
        let text: String
    }

    let daemon: Daemon
    let token: SoftHSM
    /// A file with the PIN of another token, in a system directory; nil if the test does not run as root.
    private let etc: EtcDirectory?

    /// - Parameters:
    ///   - workerUser: an account that the worker changes to, which then owns the token's files
    ///   - sockets: YAML of the profile
    ///   - variable: an additional environment variable, in YAML
    init(workerUser: String? = nil, sockets: String = "", variable: String = "") throws {
        token = try SoftHSM(try TemporaryDirectory())
        etc = geteuid() == 0 ? try EtcDirectory() : nil
        let directory = token.directory
        daemon = try Daemon(
            tokens: """
                      SIGNET_HOSTILE_MODULE: \(SoftHSM.modulePath)
                      SIGNET_HOSTILE_FINDINGS: \(directory.path("findings"))
                      SIGNET_HOSTILE_DATABASE: STATE/signet.sqlite
                      SIGNET_HOSTILE_SOCKET: STATE/s
                      SIGNET_HOSTILE_CONFIGURATION: STATE/signetd.yaml
                      SIGNET_HOSTILE_VICTIM: STATE/victim
                      SIGNET_HOSTILE_PIN: \(etc?.pin ?? "/etc/there-is-no-pin")
                      \(variable)
                    profile: profile.yaml
                    sessions: 1
                    \(workerUser.map { "worker-user: \($0)" } ?? "")
                  - name: other
                    module: \(SoftHSM.modulePath)
                    uri: "pkcs11:token=other"
                    pin:
                      file: \(etc?.pin ?? "other-pin")
                    drained: true
                insecure-own-modules: true
                module-directories: [/]
                """,
            policies: [
                "profile.yaml": "name: hostile\ntested: in Signet's own tests\n\(sockets)\n", "victim": "",
            ],
            module: Products.path("libCHostileModule.so"), on: token)
        let configuration = try daemon.directory.text("signetd.yaml")
        try daemon.directory.write(
            "signetd.yaml", configuration.replacing("STATE/", with: daemon.directory.path + "/"))
        if let workerUser {
            try Command.output("chown", ["-R", workerUser, directory.path])
            // The worker reads it before it changes to that user.
            try Command.output("chown", ["0:0", token.pinFile])
        }
    }

    /// Runs the daemon until it has an authority, a socket and a database with a write-ahead log. Then kills
    /// it.
    /// - Returns: the authority
    func prepare(wrappedIn wrapper: [String] = []) async throws -> String {
        try daemon.start(wrappedIn: wrapper)
        let root = try await daemon.client { try await $0.activeRoot() }
        daemon.stop(SIGKILL)
        return root
    }

    /// Starts the daemon, lets it sign, and returns the findings of the module in each function.
    func attack(_ root: String, wrappedIn wrapper: [String] = []) async throws -> [String: [String: Finding]]
    {
        try "".write(toFile: token.directory.path("findings"), atomically: false, encoding: .utf8)
        try daemon.start(wrappedIn: wrapper)
        let csr = try OpenSSLRequest.make()
        _ = try await daemon.client { try await $0.issue(csr, by: root) }
        var findings: [String: [String: Finding]] = [:]
        for line in try token.directory.text("findings").split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 3).map(String.init)
            guard parts.count >= 3, let error = Int32(parts[2]) else { continue }
            findings[parts[0], default: [:]][parts[1]] = Finding(
                error: error, text: parts.count > 3 ? parts[3] : "")
        }
        return findings
    }

    /// Checks the daemon afterwards, whatever the module could reach.
    func expectDaemonIsWell() throws {
        #expect(try daemon.health().contains("200 OK"))
        #expect(try daemon.health().contains("ready") || daemon.health().contains("degraded: other DRAINED"))
        #expect(FileManager.default.fileExists(atPath: daemon.directory.path("victim")))
        let names = try FileManager.default.contentsOfDirectory(atPath: daemon.directory.path)
        #expect(!names.contains { $0.hasSuffix("by-a-module") })
        #expect(daemon.stop() == 0)
        #expect(
            try Command.output("sqlite3", [daemon.directory.path("signet.sqlite"), "PRAGMA integrity_check"])
                == "ok\n")
    }

    /// A directory below /etc, removed after the test. Needs root.
    private final class EtcDirectory: Sendable {
        let path: String
        var pin: String { path + "/pin" }

        init() throws {
            path = "/etc/signet-test-\(UInt32.random(in: 0 ... .max))"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            try Data("another PIN\n".utf8).write(to: URL(fileURLWithPath: pin))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: pin)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }
}
