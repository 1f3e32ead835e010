import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// A daemon whose token logs what it signs, and an external check of the database afterwards.
struct CrashFixture: Sendable {
    static let origin = "crash.example.com/log"

    let daemon: Daemon
    let root: String
    private let token: SoftHSM
    /// The path and the content of the token's own file.
    private let tokenFile: (path: String, content: Data)
    let disk: SmallDisk?

    /// - Parameters:
    ///   - script: for the faulty module, which wraps SoftHSM
    ///   - mebibytes: the size of a separate file system for the database; needs root
    init(
        script: String = "", environment: [String: String] = [:], onDiskOfMebibytes mebibytes: Int? = nil
    ) async throws {
        token = try SoftHSM(try TemporaryDirectory())
        let directory = token.directory
        try directory.write("script", script + "\n")
        try directory.write("signed", "")
        daemon = try Daemon(
            tokens: """
                      SIGNET_FAULTY_MODULE: \(SoftHSM.modulePath)
                      SIGNET_FAULTY_CONTROL: \(directory.path("script"))
                      SIGNET_FAULTY_SIGNED: \(directory.path("signed"))
                insecure-own-modules: true
                module-directories: [/]
                log: {origin: \(Self.origin)}
                """, module: Products.path("libCFaultyModule.so"), on: token)
        if let mebibytes {
            disk = try SmallDisk(mebibytes: mebibytes, at: daemon.directory.path("disk"))
        } else {
            disk = nil
        }
        if disk != nil {
            let configuration = try daemon.directory.text("signetd.yaml")
            try daemon.directory.write(
                "signetd.yaml",
                configuration.replacing("database: signet.sqlite", with: "database: disk/signet.sqlite"))
            // Tests look for the database at this path.
            try FileManager.default.createSymbolicLink(
                atPath: daemon.directory.path("signet.sqlite"),
                withDestinationPath: daemon.directory.path("disk/signet.sqlite"))
        }
        try daemon.start(environment: environment)
        root = try await daemon.client { try await $0.activeRoot() }
        let path = try Command.output("find", [directory.path("tokens"), "-name", "token.object"])
            .trimmingCharacters(in: .newlines)
        tokenFile = (path, try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Restarts the daemon after it was killed.
    func start() throws {
        // SoftHSM rewrites the token's own file in place at each login. A kill at that moment loses the
        // token. This test is about the audit log, so it restores the file.
        let (path, content) = tokenFile
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        if size != content.count {
            print("SoftHSM has lost its token, and is given it back")
            try content.write(to: URL(fileURLWithPath: path))
        }
        try daemon.start()
    }

    /// Changes what the faulty module does from its next call on.
    func script(_ script: String) throws { try token.directory.write("script", script + "\n") }

    /// The messages that the token was asked to sign so far, in hexadecimal.
    func signed() throws -> [Substring] { try token.directory.text("signed").split(separator: "\n") }

    /// A copy of the database files, with the messages that the token signed. Only the daemon may recover the
    /// original.
    func copy(answered: [String]) throws -> Evidence {
        let directory = try TemporaryDirectory()
        for name in ["signet.sqlite", "signet.sqlite-wal"] {
            let path = daemon.directory.path(disk == nil ? name : "disk/\(name)")
            guard FileManager.default.fileExists(atPath: path) else { continue }
            try FileManager.default.copyItem(atPath: path, toPath: directory.path(name))
        }
        try directory.write("answered", answered.joined(separator: "\n"))
        try directory.write("signed", try token.directory.text("signed"))
        return Evidence(directory: directory)
    }

    /// The intents that the daemon found without an outcome at its last start.
    func reportedUnfinished() throws -> Set<String> {
        Set(
            try daemon.log().split(separator: "\n").filter { $0.contains("an intent had no outcome") }
                .compactMap { line in
                    line.firstMatch(of: /intent="([0-9a-f-]{36})"/).map { String($0.output.1) }
                })
    }
}

/// The files on disk at one moment.
struct Evidence: Sendable {
    struct Verdict: Decodable, Sendable {
        /// The IDs of intents without an outcome.
        let open: [String]
        let events: Int
        let certificates: Int
        let signatures: Int
    }

    fileprivate let directory: TemporaryDirectory

    /// Checks the log against what was answered and what was signed (`Python/record.py`).
    /// - Throws: the inconsistency
    func check() throws -> Verdict {
        let output = try Command.output(
            Products.python,
            [
                "\(Products.root)/Tests/IntegrationTests/Python/record.py", directory.path,
                CrashFixture.origin,
            ])
        return try JSONDecoder().decode(Verdict.self, from: Data(output.utf8))
    }
}
