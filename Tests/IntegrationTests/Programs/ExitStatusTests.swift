import TestSupport
import Testing

struct ExitStatusTests {
    @Test func `Operations md lists every exit status of the daemon`() throws {
        let source = try Document("Sources/signetd/ExitStatus.swift").text
        let statuses = Set(source.matches(of: /case \w+ = (\d+)/).map { String($0.1) })
        #expect(statuses.count == 6)
        let document = try Document("Docs/Operations.md")
        #expect(Set(document.column("status")) == statuses)
        let summary = try #require(document.text.firstMatch(of: /The exit status gives the kind: ([^.]*)\./))
        #expect(Set(summary.1.matches(of: /\d+/).map { String($0.0) }) == statuses)
    }

    @Test func `Services md lists every exit status of signet`() throws {
        let source = try Document("Sources/signet/ExitStatus.swift").text
        let statuses = Set(source.matches(of: /case \w+ = (\d+)/).map { String($0.1) })
        #expect(statuses.count == 6)
        #expect(Set(try Document("Docs/Services.md").column("status")) == statuses.union(["0"]))
    }
}
