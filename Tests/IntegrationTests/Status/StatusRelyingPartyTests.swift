import Foundation
import TestSupport
import Testing

/// The programs that ask OCSP responders take Signet's responses: a good certificate is accepted and a revoked
/// one is refused, in chains of two and three authorities, signed by a responder's key or by the authority's.
@Suite(.timeLimit(.minutes(10)))
struct StatusRelyingPartyTests {
    enum Lab: String, Sendable, CaseIterable {
        case two, three, direct
    }

    private static let labs: [Lab: Task<RevocationLab, any Error>] = [
        .two: Task { try await RevocationLab(tiers: 2, hasOCSP: true) },
        .three: Task { try await RevocationLab(tiers: 3, hasOCSP: true) },
        .direct: Task { try await RevocationLab(tiers: 2, hasOCSP: true, ocsp: "{signer: authority}") },
    ]

    @Test(arguments: StatusRelyingParty.all.filter(\.isInstalled), Lab.allCases)
    func `a good certificate is accepted, and a revoked one is refused`(
        _ party: StatusRelyingParty, _ name: Lab
    ) async throws {
        let lab = try await #require(Self.labs[name]).value
        #expect(try party.accepts("good", lab), "\(party.name) refused the good one")
        #expect(try !party.accepts("revoked", lab), "\(party.name) accepted the revoked one")
    }

    @Test func `the programs of Scripts setup are all there`() {
        let missing = StatusRelyingParty.all.filter { !$0.isInstalled && $0.program != "javac" }
        #expect(missing.isEmpty, "\(missing.map(\.name)): run Scripts/setup")
    }

    @Test(arguments: Lab.allCases) func `the linter of OCSP responses has no finding`(_ name: Lab)
        async throws
    {
        let lab = try await #require(Self.labs[name]).value
        for certificate in ["good", "revoked"] {
            let response = lab.files.path("\(certificate).\(name.rawValue).lint")
            try Command.output(
                "openssl",
                [
                    "ocsp", "-issuer", lab.files.path("\(lab.tiers - 1).ca.pem"), "-cert",
                    lab.files.path("\(certificate).pem"), "-CAfile", lab.files.path("cas.pem"), "-url",
                    lab.responder?.url ?? "", "-nonce", "-respout", response,
                ])
            let result = try Command.run(
                "\(URL(fileURLWithPath: Products.python).deletingLastPathComponent().path)/lint_ocsp_response",
                ["lint", "-s", "NOTICE", response])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
        }
    }
}
