import Foundation
import TestSupport
import Testing

/// The programs that verify certificates take Signet's CRLs: a good certificate is accepted and a revoked one is
/// refused, in chains of two and three authorities.
@Suite(.timeLimit(.minutes(10)))
struct RelyingPartyTests {
    private static let labs = [
        2: Task { try await RevocationLab(tiers: 2) }, 3: Task { try await RevocationLab(tiers: 3) },
    ]

    @Test(arguments: RelyingParty.all.filter(\.isInstalled), [2, 3])
    func `a good certificate is accepted, and a revoked one is refused`(
        _ party: RelyingParty, _ tiers: Int
    ) async throws {
        let lab = try await #require(Self.labs[tiers]).value
        #expect(try party.accepts("good", lab), "\(party.name) refused the good one")
        #expect(try !party.accepts("revoked", lab), "\(party.name) accepted the revoked one")
    }

    @Test func `the programs of Scripts setup are all there`() {
        let missing = RelyingParty.all.filter { !$0.isInstalled && $0.program != "javac" }
        #expect(missing.isEmpty, "\(missing.map(\.name)): run Scripts/setup")
    }

    @Test(arguments: [2, 3]) func `the linter of CRLs has no finding`(_ tiers: Int) async throws {
        let lab = try await #require(Self.labs[tiers]).value
        for number in 0..<tiers {
            try Self.lint(lab.files.path("\(number).crl.pem"))
        }
    }

    /// pkilint's linter of CRLs.
    static func lint(_ path: String) throws {
        let result = try Command.run(
            "\(URL(fileURLWithPath: Products.python).deletingLastPathComponent().path)/lint_crl",
            ["lint", "-t", "CRL", "-p", "PKIX", "-s", "NOTICE", path])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }
}
