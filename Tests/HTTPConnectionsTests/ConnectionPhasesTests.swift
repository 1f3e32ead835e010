import Testing

@testable import HTTPConnections

struct ConnectionPhasesTests {
    static let limits = PhaseLimits(
        idleSeconds: 30, handlingSeconds: 300)

    static func accepted() -> ConnectionPhases { ConnectionPhases(limits: limits, acceptedAt: .zero) }

    @Test func `each phase has a deadline that received octets do not extend`() {
        var phases = Self.accepted()
        #expect(phases.next?.phase == .head && phases.next?.deadline == .seconds(30))
        #expect(phases.readHead(at: .seconds(29)) == .goOn)
        #expect(phases.next?.phase == .body && phases.next?.deadline == .seconds(59))
        #expect(phases.readEnd(at: .seconds(58)) == .goOn)
        #expect(phases.next?.phase == .handling && phases.next?.deadline == .seconds(358))
        phases.write(0, at: .seconds(100))
        #expect(phases.next?.phase == .writing && phases.next?.deadline == .seconds(130))
        // One second more for each 64 KiB.
        phases.write(10 * 65_536, at: .seconds(120))
        #expect(phases.next?.phase == .writing && phases.next?.deadline == .seconds(140))
        #expect(phases.sent(at: .seconds(139)) == .goOn)
        #expect(phases.next?.phase == .head && phases.next?.deadline == .seconds(169))
    }

    @Test func `a refused request with an unread body closes its connection`() {
        var phases = Self.accepted()
        #expect(phases.readHead(at: .zero) == .goOn)
        phases.write(100, at: .seconds(1))
        // The body's deadline keeps running while the answer is written.
        #expect(phases.next?.deadline == .seconds(30))
        #expect(phases.sent(at: .seconds(2)) == .close)
    }

    @Test func `pipelined requests are limited, and each has its own deadline`() {
        var phases = Self.accepted()
        for _ in 0..<PhaseLimits.mostOutstanding {
            #expect(phases.readHead(at: .zero) == .goOn)
            #expect(phases.readEnd(at: .zero) == .goOn)
        }
        #expect(phases.next?.phase == .handling && phases.next?.deadline == .seconds(300))
        phases.write(10, at: .seconds(200))
        #expect(phases.sent(at: .seconds(201)) == .goOn)
        #expect(phases.next?.phase == .handling && phases.next?.deadline == .seconds(501))
        #expect(phases.readHead(at: .seconds(202)) == .goOn)
        #expect(phases.readHead(at: .seconds(202)) == .close)
    }

    @Test func `a client that never reads is disconnected although it is silent`() {
        var phases = Self.accepted()
        _ = phases.readHead(at: .zero)
        _ = phases.readEnd(at: .zero)
        phases.write(1000, at: .seconds(1))
        #expect(phases.next?.phase == .writing && phases.next?.deadline == .seconds(31))
    }

    @Test func `stopping closes stalled connections and lets the daemon finish its requests`() {
        var idle = Self.accepted()
        #expect(idle.stop(at: .seconds(1)) == .close)
        var reading = Self.accepted()
        _ = reading.readHead(at: .zero)
        #expect(reading.stop(at: .seconds(1)) == .goOn)
        #expect(reading.next?.phase == .body && reading.next?.deadline == .seconds(6))
        var handling = Self.accepted()
        _ = handling.readHead(at: .zero)
        _ = handling.readEnd(at: .zero)
        #expect(handling.stop(at: .seconds(1)) == .goOn)
        #expect(handling.next?.phase == .handling && handling.next?.deadline == .seconds(300))
        handling.write(65_536 * 100, at: .seconds(2))
        #expect(handling.next?.deadline == .seconds(7))
        #expect(handling.sent(at: .seconds(3)) == .close)
    }
}
