import Testing

@testable import Listeners

struct RefusalPacerTests {
    static let refused = RequestCost(isDue: true)
    static let large = RequestCost(octets: 4 * 1024 * 1024, isDue: true)

    @Test func `refusals slow down only their own user`() {
        let pacer = RefusalPacer(exempt: [0])
        for _ in 0..<200 {
            #expect(pacer.admit(1, at: .zero) == .now)
            pacer.settle(1, .now, Self.refused, at: .zero)
        }
        #expect(pacer.admit(1, at: .zero) == .after(.milliseconds(50)))
        // After that request.
        #expect(pacer.admit(1, at: .zero) == .after(.milliseconds(100)))
        #expect(pacer.admit(2, at: .zero) == .now)
        #expect(pacer.admit(1, at: .seconds(1)) == .now)
    }

    @Test func `requests on many connections are refused no more often than on one`() {
        let pacer = RefusalPacer(exempt: [])
        // One refusal, then all simultaneously: none is charged when the next is admitted.
        pacer.settle(1, pacer.admit(1, at: .zero), Self.refused, at: .zero)
        let admissions = (0..<1000).map { _ in pacer.admit(1, at: .zero) }
        #expect(admissions.count { $0 == .now } == 199)
        // The waiting requests have been charged: ten seconds' worth.
        #expect(admissions.count { $0 == .refused } == 1000 - 199 - 200)
        for admission in admissions where admission != .refused {
            pacer.settle(1, admission, Self.refused, at: .zero)
        }
        #expect(pacer.admit(1, at: .zero) == .refused)
        // A new burst gets what the bucket has refilled since.
        #expect((0..<1000).count { _ in pacer.admit(1, at: .seconds(11)) == .now } == 20)
    }

    @Test func `a burst of a user without refusals is not delayed, and is charged when it is refused`() {
        let pacer = RefusalPacer(exempt: [])
        for _ in 0..<1000 { #expect(pacer.admit(1, at: .zero) == .now) }
        for _ in 0..<1000 { pacer.settle(1, .now, RequestCost(octets: 1000), at: .zero) }
        #expect(pacer.admit(1, at: .zero) == .now)
        pacer.settle(1, .now, RequestCost(), at: .zero)

        for _ in 0..<1000 { #expect(pacer.admit(1, at: .zero) == .now) }
        for _ in 0..<1000 { pacer.settle(1, .now, Self.refused, at: .zero) }
        #expect(pacer.admit(1, at: .zero) == .refused)
        // The debt is repaid at the same rate.
        #expect(pacer.admit(1, at: .seconds(29)) == .refused)
        #expect(pacer.admit(1, at: .seconds(41)) == .now)
    }

    @Test func `requests that waited and were not refused cost nothing`() {
        let pacer = RefusalPacer(exempt: [])
        for _ in 0..<300 { pacer.settle(1, .now, Self.refused, at: .zero) }
        // Five seconds refill the bucket to zero. Requests served meanwhile take nothing from it.
        for round in 1...100 {
            let now = Duration.milliseconds(50 * round)
            let admission = pacer.admit(1, at: now)
            guard case .after = admission else {
                Issue.record("round \(round): \(admission)")
                return
            }
            pacer.settle(1, admission, RequestCost(octets: 1000), at: now)
        }
        #expect(pacer.admit(1, at: .milliseconds(5_050)) == .now)
    }

    @Test func `a large refused body costs what was read of it`() {
        let pacer = RefusalPacer(exempt: [])
        for _ in 0..<4 { pacer.settle(1, pacer.admit(1, at: .zero), Self.large, at: .zero) }
        guard case .after(let wait) = pacer.admit(1, at: .zero) else {
            Issue.record("four bodies of 4 MiB cost nothing")
            return
        }
        #expect(wait >= .seconds(3))
        for _ in 0..<4 { pacer.settle(1, .after(wait), Self.large, at: .zero) }
        #expect(pacer.admit(1, at: .zero) == .refused)
    }

    @Test func `a malformed request is charged like an admitted one`() {
        let pacer = RefusalPacer(exempt: [])
        for _ in 0..<200 { pacer.settle(1, nil, Self.refused, at: .zero) }
        #expect(pacer.admit(1, at: .zero) == .after(.milliseconds(50)))
    }

    @Test func `root and the daemon's user are never delayed`() {
        let pacer = RefusalPacer(exempt: [0])
        for _ in 0..<1000 { pacer.settle(0, .now, Self.large, at: .zero) }
        #expect(pacer.admit(0, at: .zero) == .now)
    }

    @Test func `a full bucket is forgotten, so that users cannot fill the memory`() {
        let pacer = RefusalPacer(exempt: [])
        for user in 0..<10_000 as Range<UInt32> { pacer.settle(user, nil, Self.large, at: .zero) }
        #expect(pacer.admit(9_999, at: .seconds(1_000)) == .now)
    }
}
