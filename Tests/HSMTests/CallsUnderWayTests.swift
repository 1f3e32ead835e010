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
                                identifier: [UInt8(place)], .sha256, input: []),
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

    @Test func `time runs for every message from when it was sent`() async {
        await withCalls(2) { calls in
            let start = SuspendingClock.now
            var underWay = CallsUnderWay()
            let numbers = calls.enumerated().map {
                underWay.add([$0.element], at: start + .seconds($0.offset))
            }
            #expect(underWay.takeOverdue(at: start + .seconds(9)).isEmpty)
            let first = underWay.take(0, of: numbers[0], at: start + .seconds(9))
            #expect(identifier(first?.call) == identifier(calls[0]))
            #expect(first?.isLast == true)
            // It may have been answered: only at the second look it is late.
            #expect(underWay.takeOverdue(at: start + .seconds(11)).isEmpty)
            #expect(underWay.takeOverdue(at: start + .seconds(11)).map(identifier) == [identifier(calls[1])])
            #expect(underWay.removeAll().count == 1)
        }
    }

    @Test func `within a message time runs for one call after the other`() async {
        await withCalls(3) { calls in
            let start = SuspendingClock.now
            var underWay = CallsUnderWay()
            let number = underWay.add(calls, at: start)
            #expect(underWay.largestMessage == 3)
            #expect(underWay.take(0, of: number, at: start + .seconds(8))?.isLast == false)
            #expect(underWay.takeOverdue(at: start + .seconds(17)).isEmpty)
            #expect(underWay.takeOverdue(at: start + .seconds(18)).isEmpty)
            #expect(underWay.takeOverdue(at: start + .seconds(18)).map(identifier) == [identifier(calls[1])])
            // What was given up is not answered any more; the last one finishes the message.
            #expect(underWay.take(1, of: number, at: start + .seconds(18)) == nil)
            #expect(underWay.take(2, of: number, at: start + .seconds(19))?.isLast == true)
        }
    }

    @Test func `an answer that nobody asked for is none`() async {
        await withCalls(1) { calls in
            var underWay = CallsUnderWay()
            let number = underWay.add(calls, at: .now)
            #expect(underWay.take(0, of: number + 1, at: .now) == nil)
            #expect(underWay.take(1, of: number, at: .now) == nil)
            #expect(underWay.take(0, of: number, at: .now) != nil)
            #expect(underWay.take(0, of: number, at: .now) == nil)
        }
    }

    @Test func `a message that could not be sent is not waited for`() async {
        await withCalls(1) { calls in
            var underWay = CallsUnderWay()
            let unsent = underWay.add(calls, at: .now)
            #expect(underWay.remove(unsent)?.calls.count == 1)
            #expect(underWay.remove(unsent) == nil)
            #expect(underWay.takeOverdue(at: .now + .seconds(60)).isEmpty)
            #expect(underWay.removeAll().isEmpty)
        }
    }
}
