import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Hints that `signet` chooses by a sentence of the daemon, each with the daemon that says it.
struct HintTests {
    @Test func `a hint follows each sentence of the daemon that it depends on`() async throws {
        let fixture = try await ServiceFixture.limited()
        let authority = try await fixture.daemon.client { client in
            let authority = try await client.createAuthority("SUBORDINATE", commonName: "Without a chain")
            let csr = try await client.call(
                GetCertificateAuthorityCsrOperation.self, .init(certificateAuthorityArn: authority)
            ).csr
            let issued = try await client.issue(
                csr, by: fixture.root, template: "SubordinateCACertificate_PathLen0/V1")
            try fixture.host.write("ca.pem", issued.certificate)
            return authority
        }
        try fixture.host.write("web.csr", try OpenSSLRequest.make(names: "DNS:approved.example.test"))
        let cases: [(arguments: [String], status: Int32, hint: String)] = [
            (["token", "drain", "third"], 66, "hint: `signet token list` shows the tokens"),
            (
                ["approval", "show", "019ab3c2-5d1e-7c40-9a6b-2f6f0f3b8c11"], 66,
                "hint: `signet approval list` shows the requests that wait"
            ),
            (
                ["ca", "import", authority, "--certificate", fixture.host.path("ca.pem")], 1,
                "hint: give the certificates between it and the root, and the root, with --chain FILE"
            ),
            (
                [
                    "certificate", "issue", "--ca", fixture.root, "--csr", fixture.host.path("web.csr"),
                    "--days", "1",
                ], 75, "hint: `signet approval list` shows it. It is carried out with the last approval"
            ),
        ]
        for (arguments, status, hint) in cases {
            let result = try fixture.daemon.signet(arguments)
            #expect(
                result.status == status && result.errors.contains(hint), "\(arguments): \(result.errors)")
        }
        #expect(fixture.daemon.stop() == 0)
    }
}
