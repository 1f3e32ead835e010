import Synchronization
import Testing
import TokenProtocol

@testable import HSM

/// Which call a worker is at, and until when.
struct CallsUnderWayTests {
    private static let answer = WorkerAnswer.signature([])

    /// Runs `body` with so many calls that may take 10 s each, and answers them when it is done.
    private func withCalls(_ count: Int, _ body: @escaping @Sendable ([WorkerCall]) -> Void) async {
        let calls = Collected()
        await withTaskGroup(of: Void.self) { group in
            for place in 0..<count {
                group.addTask {
                    _ = await withCheckedContinuation { continuation in
                        let call = WorkerCall(
                            request: .sign(
                                identifier: [UInt8(place)], .sha256, input: []), weight: 1,
                            allowed: .seconds(10), continuation: continuation)
                        let all = calls.add(call)
                        guard all.count == count else { return }
                        body(all)
                        for call in all { call.continuation.resume(returning: .success(Self.answer)) }
                    }
                }
            }
        }
    }

    private final class Collected: Sendable {
        private let calls = Mutex<[WorkerCall]>([])

        func add(_ call: WorkerCall) -> [WorkerCall] {
            calls.withLock { calls in
                calls.append(call)
                return calls
            }
        }
    }

    private func identifier(_ call: WorkerCall?) -> [UInt8]? {
        guard case .sign(let identifier, _, _)? = call?.request else { return nil }
        return identifier
    }

    @Test func `time runs for as many messages as there are sessions, in the order in which they were sent`()
        async
    {
        await withCalls(3) { calls in
            let start = SuspendingClock.now
            var underWay = CallsUnderWay(sessions: 1)
            let numbers = calls.enumerated().map {
                underWay.add([$0.element], at: start + .seconds($0.offset))
            }
            #expect(underWay.takeOverdue(at: start + .seconds(9)).isEmpty)
            // The first is answered after nine seconds: the second has ten from then on, the third none yet.
            let first = underWay.take(0, of: numbers[0], at: start + .seconds(9))
            #expect(identifier(first?.call) == identifier(calls[0]))
            #expect(first?.finished != nil)
            #expect(underWay.takeOverdue(at: start + .seconds(18)).isEmpty)
            // It may have been answered: only at the second look it is late.
            #expect(underWay.takeOverdue(at: start + .seconds(19)).isEmpty)
            #expect(underWay.takeOverdue(at: start + .seconds(19)).map(identifier) == [identifier(calls[1])])
            #expect(underWay.removeAll().count == 2)
        }
    }

    @Test func `within a message time runs for one call after the other`() async {
        await withCalls(3) { calls in
            let start = SuspendingClock.now
            var underWay = CallsUnderWay(sessions: 2)
            let number = underWay.add(calls, at: start)
            #expect(underWay.largestMessage == 3)
            #expect(underWay.take(0, of: number, at: start + .seconds(8))?.finished == nil)
            #expect(underWay.takeOverdue(at: start + .seconds(17)).isEmpty)
            #expect(underWay.takeOverdue(at: start + .seconds(18)).isEmpty)
            #expect(underWay.takeOverdue(at: start + .seconds(18)).map(identifier) == [identifier(calls[1])])
            // What was given up is not answered any more; the last one finishes the message.
            #expect(underWay.take(1, of: number, at: start + .seconds(18)) == nil)
            #expect(underWay.take(2, of: number, at: start + .seconds(19))?.finished != nil)
        }
    }

    @Test func `an answer that nobody asked for is none`() async {
        await withCalls(1) { calls in
            var underWay = CallsUnderWay(sessions: 1)
            let number = underWay.add(calls, at: .now)
            #expect(underWay.take(0, of: number + 1, at: .now) == nil)
            #expect(underWay.take(1, of: number, at: .now) == nil)
            #expect(underWay.take(0, of: number, at: .now) != nil)
            #expect(underWay.take(0, of: number, at: .now) == nil)
        }
    }

    @Test func `a message that could not be sent leaves its session to the next`() async {
        await withCalls(2) { calls in
            let start = SuspendingClock.now
            var underWay = CallsUnderWay(sessions: 1)
            let unsent = underWay.add([calls[0]], at: start)
            _ = underWay.add([calls[1]], at: start)
            #expect(underWay.remove(unsent, at: start + .seconds(5))?.calls.count == 1)
            #expect(underWay.takeOverdue(at: start + .seconds(14)).isEmpty)
            #expect(underWay.takeOverdue(at: start + .seconds(15)).isEmpty)
            #expect(underWay.takeOverdue(at: start + .seconds(15)).map(identifier) == [identifier(calls[1])])
        }
    }
}
