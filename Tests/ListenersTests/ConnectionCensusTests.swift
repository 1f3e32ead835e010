import HTTPConnections
import Testing

@testable import Listeners

struct ConnectionCensusTests {
    private static let limits = ConnectionLimits(
        connections: 16, perUser: 4, unmapped: 2, reserved: 2,
        phases: PhaseLimits(idleSeconds: 30, handlingSeconds: 300))

    @Test func `a connection counts against its user, the unmapped peers or the reserve`() throws {
        let census = ConnectionCensus(limits: Self.limits)
        for _ in 0..<4 { try census.enter(.user(1)) }
        #expect(throws: ConnectionCensus.Refusal.user(1, 4)) { try census.enter(.user(1)) }
        for _ in 0..<2 { try census.enter(.unmapped) }
        #expect(throws: ConnectionCensus.Refusal.unmapped(2)) { try census.enter(.unmapped) }
        for uid in [2, 3] as [UInt32] { for _ in 0..<4 { try census.enter(.user(uid)) } }
        // The remainder is the reserve.
        #expect(throws: ConnectionCensus.Refusal.all(16)) { try census.enter(.user(4)) }
        for _ in 0..<2 { try census.enter(.privileged) }
        #expect(throws: ConnectionCensus.Refusal.all(16)) { try census.enter(.privileged) }
        census.leave(.user(1))
        try census.enter(.privileged)
    }
}
