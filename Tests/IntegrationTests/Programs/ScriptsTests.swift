import Foundation
import TestSupport
import Testing

/// The scripts for newcomers and the commands of the README, with the programs of this build.
@Suite(.serialized)
struct ScriptsTests {
    static let environment = ["SIGNET_BIN": Products.directory]

    @Test func `the demo completes the main path and succeeds`() throws {
        let result = try Command.run("\(Products.root)/Scripts/demo", environment: Self.environment)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.hasSuffix("The demo is done: every step held.\n"))
    }

    /// `Scripts/dev`, running in the background.
    private final class DevelopmentDaemon {
        let process: ChildProcess
        let directory: TemporaryDirectory

        init(_ directory: TemporaryDirectory) throws {
            self.directory = directory
            let output = Pipe()
            process = try ChildProcess(
                "\(Products.root)/Scripts/dev", [directory.path("d")], environment: ScriptsTests.environment,
                output: .pipe(output), errors: .file(directory.handle("errors")))
            #expect(output.nextLine().contains("ready"))
        }

        func stop() -> Int32 {
            process.terminate()
            return process.wait().code
        }
    }

    @Test func `a development daemon that is started again continues with the same authorities`() throws {
        let directory = try TemporaryDirectory()
        let environment = ["SIGNET_SOCKET": directory.path("d/signet.sock")]
        let first = try DevelopmentDaemon(directory)
        #expect(try directory.text("errors").contains("NOT FOR PRODUCTION"))
        let arn = try Command.output(
            Products.path("signet"), ["ca", "create", "--root", "--subject", "CN=R", "--activate"],
            environment: environment)
        #expect(first.stop() == 0)
        let second = try DevelopmentDaemon(directory)
        let list = try Command.output(Products.path("signet"), ["ca", "list"], environment: environment)
        #expect(list.contains(arn.trimmingCharacters(in: .newlines)))
        #expect(list.contains("ACTIVE"))
        #expect(second.stop() == 0)
    }

    @Test func `the README's transcript works`() throws {
        let readme = try String(contentsOfFile: "\(Products.root)/README.md", encoding: .utf8)
        let section = try #require(readme.components(separatedBy: "\n## ").first { $0.hasPrefix("Try it") })
        let blocks = section.components(separatedBy: "```sh\n").dropFirst().compactMap {
            $0.components(separatedBy: "\n```").first
        }
        #expect(blocks.count >= 2)
        // The first block starts the daemon in the foreground. Here it runs in the background, in its own
        // directory.
        let directory = try TemporaryDirectory()
        #expect(blocks[0].contains("Scripts/dev /tmp/signet"))
        let daemon = try DevelopmentDaemon(directory)
        let script = blocks.dropFirst().joined(separator: "\n")
            .replacing("/tmp/signet", with: directory.path("d"))
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let result = try Command.run(
            "bash", ["-e", "-c", script],
            environment: Self.environment.merging(["PATH": "\(Products.directory):\(path)"]) { $1 })
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains(": OK"))
        #expect(daemon.stop() == 0)
    }
}
