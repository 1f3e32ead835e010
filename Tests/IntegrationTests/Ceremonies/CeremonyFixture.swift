import Foundation
import TestSupport

/// A token, and a directory with copies of the ceremonies of `HSMConfig/ceremonies`.
struct CeremonyFixture {
    let directory: TemporaryDirectory
    let token: SoftHSM

    init() throws {
        directory = try TemporaryDirectory()
        token = try SoftHSM(directory)
        for name in ["root", "request", "subordinate", "crl", "log"] {
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

    /// Makes an Ed25519 key: `NAME.pem`, and its public key `NAME.pub`.
    func makeKey(_ name: String) throws {
        try openssl(["genpkey", "-algorithm", "ED25519", "-out", directory.path("\(name).pem")]).require()
        try openssl([
            "pkey", "-in", directory.path("\(name).pem"), "-pubout", "-out", directory.path("\(name).pub"),
        ]).require()
    }

    /// The option with which Alice signs the transcript with that key.
    func signsAlice(with name: String = "alice") -> [String] {
        ["--officer-key", "Alice Example=\(directory.path("\(name).pem"))"]
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
