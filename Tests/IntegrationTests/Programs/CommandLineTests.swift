import Foundation
import TestSupport
import Testing

/// The `signet` command line, as used interactively and by scripts.
struct CommandLineTests {
    @Test func `four commands make a hierarchy and a certificate, interactively and in scripts`() throws {
        let daemon = try Daemon()
        try daemon.start()
        func run(_ arguments: String...) throws -> String {
            let result = try daemon.signet(arguments)
            guard result.status == 0 else {
                throw CommandFailure(description: "\(arguments): \(result.errors)")
            }
            return result.output.trimmingCharacters(in: .newlines)
        }
        #expect(try run("ca", "list").contains("no certificate authorities yet"))
        let root = try run(
            "ca", "create", "--root", "--subject", #"CN=Root\, the first,O=Example,C=SE"#, "--key-algorithm",
            "EC_secp384r1", "--activate")
        #expect(root.hasPrefix("arn:aws:acm-pca:"))
        let subordinate = try run(
            "ca", "create", "--subordinate", "--subject", "CN=Issuing", "--activate", "--parent", root)
        try daemon.directory.write("a.csr", try OpenSSLRequest.make())
        let csr = daemon.directory.path("a.csr")
        let pem = try run("certificate", "issue", "--ca", subordinate, "--csr", csr, "--days", "7", "--chain")
        #expect(ExternalVerifiers.blocks(pem).count == 3)

        let described = try run("ca", "describe", root)
        #expect(described.contains(#"CN=Root\, the first,O=Example,C=SE"#))
        #expect(described.contains("ACTIVE"))
        let list = try run("ca", "list")
        #expect(list.split(separator: "\n").count == 3)
        #expect(try run("ca", "csr", root).contains("BEGIN CERTIFICATE REQUEST"))
        #expect(ExternalVerifiers.blocks(try run("ca", "certificate", subordinate, "--chain")).count == 2)

        let json = try JSONSerialization.jsonObject(
            with: Data(
                try run(
                    "certificate", "issue", "--ca", subordinate, "--csr", csr, "--end-date", "20300101000000",
                    "--json"
                ).utf8))
        let arn = try #require((json as? [String: String])?["CertificateArn"])
        let text = try ExternalVerifiers.text(try run("certificate", "get", arn))
        #expect(text.contains("Not After : Jan  1 00:00:00 2030 GMT"))
        let listed = try JSONSerialization.jsonObject(with: Data(try run("ca", "list", "--json").utf8))
        #expect(((listed as? [String: Any])?["CertificateAuthorities"] as? [Any])?.count == 2)
    }

    @Test func `errors are printed with a hint, and the exit status is not zero`() throws {
        let daemon = try Daemon()
        let unreachable = try daemon.signet(["ca", "list"])
        #expect(unreachable.status == 69)
        #expect(
            unreachable.errors.contains("the daemon cannot be reached on `\(daemon.socketPath)`"),
            "\(unreachable.errors)")
        #expect(unreachable.errors.contains("hint: is signetd running?"))
        try daemon.start()
        let subject = try daemon.signet(["ca", "create", "--root", "--subject", "XX=1"])
        #expect(subject.status == 1)
        #expect(subject.errors.contains("the subject attribute `XX` is not known"))
        let file = try daemon.signet([
            "certificate", "issue", "--ca", "arn:a:b", "--csr", "/nonexistent", "--days", "1",
        ])
        #expect(
            file.status == 66 && file.errors.contains("the file `/nonexistent` does not exist"),
            "\(file.errors)")
        let both = try daemon.signet(["ca", "create", "--root", "--subordinate", "--subject", "CN=x"])
        #expect(both.status == 64)
        #expect(both.errors.contains("Give either --root or --subordinate."))
    }
}
