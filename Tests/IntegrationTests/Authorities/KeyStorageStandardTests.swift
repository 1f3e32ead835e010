import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// `KeyStorageSecurityStandard`: a key keeps the standard that its token was declared to meet when the key
/// was made.
struct KeyStorageStandardTests {
    private static let standard = "FIPS_140_2_LEVEL_3_OR_HIGHER"

    private func describe(_ authority: String, _ daemon: Daemon) async throws -> String? {
        try await daemon.client { client in
            try await client.call(
                DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: authority)
            ).certificateAuthority.keyStorageSecurityStandard
        }
    }

    @Test(arguments: [nil, standard])
    func `a key signs only on tokens that are declared to meet its standard`(
        _ asked: String?
    )
        async throws
    {
        let line = "    security-standard: \(Self.standard)\n"
        let daemon = try Daemon(tokens: line)
        try daemon.start()
        let root = try await daemon.client { client in
            let root = try await client.createAuthority("ROOT", commonName: "Declared") {
                $0.keyStorageSecurityStandard = asked
            }
            try await client.activate(root, by: root, template: "RootCACertificate/V1", days: 3650)
            return root
        }
        #expect(try await describe(root, daemon) == Self.standard)
        daemon.stop()
        try daemon.start()
        #expect(try await describe(root, daemon) == Self.standard)
        let request = try OpenSSLRequest.make()
        _ = try await daemon.client { try await $0.issue(request, by: root) }
        daemon.stop()
        // The same token without a declared standard, and then with another one.
        let yaml = try daemon.directory.text("signetd.yaml")
        for other in ["", "    security-standard: CCPC_LEVEL_1_OR_HIGHER\n"] {
            try daemon.directory.write("signetd.yaml", yaml.replacing(line, with: other))
            try daemon.start()
            #expect(try await describe(root, daemon) == Self.standard)
            await #expect(throws: (any Error).self) {
                _ = try await daemon.client { try await $0.issue(request, by: root) }
            }
            #expect(try daemon.log().contains("no token is declared to meet \(Self.standard)"))
            daemon.stop()
        }
    }
}
