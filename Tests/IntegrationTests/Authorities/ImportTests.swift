import TestSupport
import Testing

/// Certificates that external authorities sign for authorities of Signet.
struct ImportTests {
    @Test
    func
        `what becomes ACTIVE issues certificates that OpenSSL verifies, and the rest is refused with its reason`()
        throws
    {
        let daemon = try Daemon()
        try daemon.start()
        let result = try Command.run(
            Products.python,
            ["\(Products.root)/Tests/IntegrationTests/Python/imports.py", daemon.socketPath])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("passed"))
        // The import event notes an external root.
        let events = try daemon.signet([
            "audit", "list", "--action", "ImportCertificateAuthorityCertificate", "--json", "--limit", "500",
        ])
        #expect(events.output.contains("the root of the CertificateChain: subjectKeyIdentifier"), "\(events)")
    }
}
