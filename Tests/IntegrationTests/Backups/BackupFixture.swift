import APIClient
import Foundation
import TestSupport
import WireAPI

/// A daemon with a log, an authority, and a backup of its database.
struct BackupFixture {
    let daemon: Daemon
    let root: String
    var database: String { daemon.directory.path("signet.sqlite") }
    var backup: String { daemon.directory.path("backup") }

    init() async throws {
        daemon = try Daemon()
        try daemon.extend("log: {origin: ca.example.com/log}")
        try daemon.start()
        root = try await daemon.client { try await $0.activeRoot() }
    }

    func signetd(
        _ command: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> Command {
        try Command.run(
            Products.path("signetd"),
            [command] + arguments + ["--config", daemon.directory.path("signetd.yaml")],
            environment: environment)
    }

    /// Starts a daemon that is expected to refuse.
    func refusedStart() throws -> Command {
        try Command.run(Products.path("signetd"), ["--config", daemon.directory.path("signetd.yaml")])
    }

    func makeBackup() throws { try signetd("backup", [backup]).require() }

    func checkpoint(_ name: String) throws -> String {
        let shown = try daemon.signet(["audit", "checkpoint"])
        try shown.require()
        try daemon.directory.write(name, shown.output)
        return daemon.directory.path(name)
    }

    func issue() async throws -> String {
        let csr = try OpenSSLRequest.make()
        return try await daemon.client { client in
            try await client.call(
                IssueCertificateOperation.self,
                .init(
                    certificateAuthorityArn: root, csr: Blob(csr.utf8),
                    signingAlgorithm: "SHA256WITHECDSA", templateArn: nil,
                    validity: .init(value: 30, type: "DAYS"))
            ).certificateArn
        }
    }

    /// The names and contents of what lies in the directory of the database.
    func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: daemon.directory.path)
        where name.hasPrefix("signet.sqlite") {
            files[name] = try Data(contentsOf: daemon.directory.url(name))
        }
        return files
    }
}
