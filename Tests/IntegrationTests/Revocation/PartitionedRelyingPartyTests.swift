import Foundation
import TestSupport
import Testing

/// What the programs that verify certificates do with partitioned CRLs, which Docs/Revocation.md warns of.
@Suite(.timeLimit(.minutes(10)))
struct PartitionedRelyingPartyTests {
    private static let lab = Task { try await RevocationLab(tiers: 2, partitions: 4) }

    /// `cryptography` reads CRLs and does not verify a chain with them.
    private static let parties = RelyingParty.all.filter { $0.name != "Python's cryptography" }

    /// The cells of the document's table, by program.
    private static func documented() throws -> [String: [String]] {
        let rows = try Document("Docs/Revocation.md").rows("program")
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], Array($0.dropFirst())) })
    }

    private static func outcome(
        _ party: RelyingParty, _ variants: [RevocationLab.Lists], _ lab: RevocationLab
    ) throws -> String {
        let takesGood = try variants.allSatisfy { try party.accepts("good", lab.with($0, for: "good")) }
        let takesRevoked = try variants.contains {
            try party.accepts("revoked", lab.with($0, for: "revoked"))
        }
        if takesRevoked { return "**accepts the revoked one**" }
        return takesGood ? "right" : "refuses both"
    }

    @Test(arguments: parties.filter(\.isInstalled))
    func `a program does with partitioned CRLs what the document says`(_ party: RelyingParty) async throws {
        let lab = try await Self.lab.value
        let variants: [[RevocationLab.Lists]] = [[.own], [.all, .reversed], [.other]]
        let outcomes = try variants.map { try Self.outcome(party, $0, lab) }
        print("partitioned CRLs: | \(party.name) | \(outcomes.joined(separator: " | ")) |")
        #expect(try Self.documented()[party.name] == outcomes)
        // The complete CRL is published beside them, and every program takes it.
        #expect(try Self.outcome(party, [.complete], lab) == "right")
    }

    @Test(arguments: ["good", "revoked"])
    func `the linter of CRLs has no finding in a partition's`(_ name: String) async throws {
        let own = try await Self.lab.value.with(.own, for: name)
        try RelyingPartyTests.lint(own.files.path("1.crl.pem"))
    }

    @Test func `the document has every program`() throws {
        #expect(try Set(Self.documented().keys) == Set(Self.parties.map(\.name)))
    }
}
