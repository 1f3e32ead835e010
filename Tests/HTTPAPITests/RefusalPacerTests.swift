import Testing

@testable import HTTPAPI

struct RefusalPacerTests {
    @Test func `refusals slow down their user and nobody else`() {
        let pacer = RefusalPacer(exempt: [0])
        for _ in 0..<200 {
            #expect(pacer.admit(1, at: .zero) == .now)
            pacer.charge(1, octets: 0, at: .zero)
        }
        #expect(pacer.admit(1, at: .zero) == .after(.milliseconds(50)))
        // Behind that one.
        #expect(pacer.admit(1, at: .zero) == .after(.milliseconds(100)))
        #expect(pacer.admit(2, at: .zero) == .now)
        #expect(pacer.admit(1, at: .seconds(1)) == .now)
    }

    @Test func `a large refused body costs what was read of it`() {
        let pacer = RefusalPacer(exempt: [])
        for _ in 0..<4 { pacer.charge(1, octets: 4 * 1024 * 1024, at: .zero) }
        guard case .after(let wait) = pacer.admit(1, at: .zero) else {
            Issue.record("four bodies of 4 MiB cost nothing")
            return
        }
        #expect(wait >= .seconds(3))
        for _ in 0..<4 { pacer.charge(1, octets: 4 * 1024 * 1024, at: .zero) }
        #expect(pacer.admit(1, at: .zero) == .refused)
    }

    @Test func `root and the daemon's user are never slowed`() {
        let pacer = RefusalPacer(exempt: [0])
        for _ in 0..<1000 { pacer.charge(0, octets: 1_000_000, at: .zero) }
        #expect(pacer.admit(0, at: .zero) == .now)
    }

    @Test func `a bucket that is full again is forgotten, and users do not fill the memory`() {
        let pacer = RefusalPacer(exempt: [])
        for user in 0..<10_000 as Range<UInt32> { pacer.charge(user, octets: 1_000_000, at: .zero) }
        #expect(pacer.admit(9_999, at: .seconds(1_000)) == .now)
    }
}
