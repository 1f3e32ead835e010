import Foundation
import TestSupport
import Testing

/// Authorities made of an existing key on a token and a certificate that another authority signed for it.
struct AdoptionTests {
    static let refusals: [(name: String, reason: String)] = [
        ("no-chain", "needs a CertificateChain"),
        ("wrong-parent", "certificate 1 of the CertificateChain did not sign the one before it"),
        ("wrong-name", "whose issuer is another name than its subject"),
        ("twice", "certificate 2 of the CertificateChain is the same as certificate 1"),
        ("not-up-to-root", "is not a root"),
        ("expired", "the certificate is not valid now"),
        ("expired-root", "is not valid now"),
        ("malformed", "IPAddrBlocks does not parse"),
        ("malformed-root", "subjectAltName (2.5.29.17), which does not parse"),
        ("another-key", "the key cannot be adopted"),
    ]

    @Test func `a bad chain is refused before anything changes, and the correct one is adopted`() throws {
        let fixture = try CeremonyFixture()
        #expect(try fixture.run("request").status == 0)
        let script = "\(Products.root)/Tests/IntegrationTests/Python/adoption.py"
        _ = try Command.output(
            Products.python,
            [script, fixture.directory.path(""), fixture.directory.path("example-issuing-1.csr")])
        let daemon = try Daemon(on: fixture.token)
        try daemon.start()
        func adopt(_ name: String) throws -> Command {
            let hasChain = try !fixture.directory.text("\(name)-chain.pem").isEmpty
            return try daemon.signet(
                [
                    "ca", "adopt", "--certificate", fixture.directory.path("\(name).pem"),
                    "--key-identifier", "49737375696e6731",
                ] + (hasChain ? ["--chain", fixture.directory.path("\(name)-chain.pem")] : []))
        }
        for (name, reason) in Self.refusals {
            let refused = try adopt(name)
            #expect(refused.status == 1 && refused.errors.contains(reason), "\(name): \(refused.errors)")
        }
        #expect(try !daemon.signet(["ca", "list"]).output.contains("arn:"))
        #expect(try !daemon.events().contains { $0["eventName"] as? String == "SignatureIntent" })
        // OpenSSL verifies what the adopted authority issues.
        let adopted = try adopt("right")
        #expect(adopted.status == 0, "\(adopted.errors)")
        let arn = adopted.output.trimmingCharacters(in: .whitespacesAndNewlines)
        try fixture.directory.write("leaf.csr", try OpenSSLRequest.make())
        let issued = try daemon.signet([
            "certificate", "issue", "--ca", arn, "--csr", fixture.directory.path("leaf.csr"), "--days", "30",
        ])
        #expect(issued.status == 0, "\(issued.errors)")
        try fixture.directory.write("leaf.pem", issued.output)
        let verified = try Command.run(
            "openssl",
            [
                "verify", "-x509_strict", "-CAfile", fixture.directory.path("right-chain.pem"), "-untrusted",
                fixture.directory.path("right.pem"), fixture.directory.path("leaf.pem"),
            ])
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    }
}
