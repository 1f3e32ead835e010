import TestSupport
import Testing

@testable import Tokens

/// Faults of a token while messages to its worker carry several requests.
@Suite(.serialized)
struct SharedMessageFaultTests {
    /// Signs with that many simultaneous callers, several times each, and returns their errors.
    private func signConcurrently(_ fixture: FaultyTokenFixture, _ count: Int, times: Int) async throws
        -> [any Error]
    {
        try await withThrowingTaskGroup(of: (any Error)?.self) { group in
            for _ in 0..<count {
                group.addTask {
                    for _ in 0..<times {
                        do { try await fixture.sign() } catch { return error }
                    }
                    return nil
                }
            }
            return try await group.reduce(into: []) { if let error = $1 { $0.append(error) } }
        }
    }

    @Test func `a token that becomes slow while requests share messages is not mistaken for one that hangs`()
        async throws
    {
        let fixture = try await FaultyTokenFixture(sharing: true)
        #expect(try await signConcurrently(fixture, 32, times: 5).isEmpty)
        // Four signatures take longer than the deadline of one.
        try fixture.directory.write("script", "C_Sign * delay 300\n")
        #expect(try await signConcurrently(fixture, 20, times: 1).isEmpty)
        #expect(await fixture.token.largestMessage == 8)
        #expect(try fixture.calls(of: "C_Login") == 0)
        await fixture.token.close()
    }

    @Test(arguments: ["C_Sign 20 hang", "C_Sign 20 crash", "C_Sign 20 return 0x30", "C_Sign 20 corrupt"])
    func `a fault fails at most one of the requests in a message, and the others move to the next worker`(
        _ script: String
    ) async throws {
        let fixture = try await FaultyTokenFixture(sharing: true)
        #expect(try await signConcurrently(fixture, 32, times: 5).isEmpty)
        #expect(await fixture.token.largestMessage == 8)
        try fixture.directory.write("script", script + "\n")
        let errors = try await signConcurrently(fixture, 32, times: 3)
        let expected = script.hasSuffix("hang") ? "did not answer within" : "was not released"
        #expect(errors.count <= 1 && errors.allSatisfy { "\($0)".contains(expected) }, "\(errors)")
        if script.hasSuffix("hang") { #expect(errors.count == 1) }
        #expect(try fixture.calls(of: "C_Login") == 1)
        await fixture.token.close()
    }
}
