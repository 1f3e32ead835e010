import Foundation
import TestSupport

/// A token, and a directory with copies of the ceremonies of `HSMConfig/ceremonies`.
struct CeremonyFixture {
    let directory: TemporaryDirectory
    let token: SoftHSM

    init() throws {
        directory = try TemporaryDirectory()
        token = try SoftHSM(directory)
        for name in ["root", "request", "subordinate", "crl"] {
            try FileManager.default.copyItem(
                atPath: "\(Products.root)/HSMConfig/ceremonies/\(name).yaml",
                toPath: directory.path("\(name).yaml"))
            // Makes the validity include the present.
            try edit(name, "2026-12-01", "2026-01-01")
        }
    }

    func edit(_ name: String, _ text: String, _ replacement: String) throws {
        let yaml = try directory.text("\(name).yaml")
        try directory.write("\(name).yaml", yaml.replacing(text, with: replacement))
    }

    func run(
        _ name: String, _ more: [String] = [], answers: [String] = ["Alice Example", "Bob Example"]
    ) throws -> Command {
        try Terminal.run(
            answers.map { ("Type your name to confirm: ", $0) }, Products.path("signet-token"),
            [
                "ceremony", "run", "--module", SoftHSM.modulePath, "--token", SoftHSM.uri, "--pin-file",
                token.pinFile, directory.path("\(name).yaml"),
            ] + more, environment: token.environment)
    }

    func plan(_ name: String, _ more: [String] = []) throws -> Command {
        try Command.run(
            Products.path("signet-token"), ["ceremony", "plan", directory.path("\(name).yaml")] + more)
    }

    func verify(_ transcript: String, _ more: [String] = []) throws -> Command {
        try Command.run(
            Products.path("signet-token"), ["ceremony", "verify", directory.path(transcript)] + more)
    }

    func objects() throws -> String { try token.pkcs11Tool(["--list-objects"]).output }

    func openssl(_ arguments: [String]) throws -> Command { try Command.run("openssl", arguments) }
}
