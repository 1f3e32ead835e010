import Synchronization
import Testing
import TokenProtocol

@testable import Tokens

/// The call that a worker is executing, and its deadline.
struct CallsUnderWayTests {
    private static let answer = WorkerAnswer.signature([])

    /// Runs `body` with that many calls of 10 s each, and answers them afterwards.
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

    /// The calls of a worker with two sessions.
    private func callsUnderWay() -> CallsUnderWay {
        var underWay = CallsUnderWay()
        underWay.serve(sessions: 2)
        return underWay
    }

    private func isAnswered(_ socket: Int) -> Bool { true }
    private func isSilent(_ socket: Int) -> Bool { false }

    @Test func `the deadline of each message starts when it is sent`() async {
        await withCalls(2) { calls in
            let start = SuspendingClock.now
            var underWay = callsUnderWay()
            let sent = calls.enumerated().map {
                underWay.add([$0.element], at: start + .seconds($0.offset))
            }
            #expect(underWay.takeOverdue(at: start + .seconds(9), unless: isSilent).isEmpty)
            let first = underWay.take(0, of: sent[0].number, from: sent[0].socket, at: start + .seconds(9))
            #expect(identifier(first?.call) == identifier(calls[0]))
            #expect(first?.isLast == true)
            // The answer may have arrived: the call counts as late only at the second check.
            #expect(underWay.takeOverdue(at: start + .seconds(11), unless: isSilent).isEmpty)
            #expect(
                underWay.takeOverdue(at: start + .seconds(11), unless: isSilent).map(identifier)
                    == [identifier(calls[1])])
            #expect(underWay.removeAll().count == 1)
        }
    }

    @Test func `within a message the deadlines run one after the other`() async {
        await withCalls(3) { calls in
            let start = SuspendingClock.now
            var underWay = callsUnderWay()
            let (socket, number) = underWay.add(calls, at: start)
            #expect(underWay.largestMessage == 3)
            #expect(underWay.take(0, of: number, from: socket, at: start + .seconds(8))?.isLast == false)
            #expect(underWay.takeOverdue(at: start + .seconds(17), unless: isSilent).isEmpty)
            #expect(underWay.takeOverdue(at: start + .seconds(18), unless: isSilent).isEmpty)
            #expect(
                underWay.takeOverdue(at: start + .seconds(18), unless: isSilent).map(identifier)
                    == [identifier(calls[1])])
            // An expired call is not answered again; the last answer completes the message.
            #expect(underWay.take(1, of: number, from: socket, at: start + .seconds(18)) == nil)
            #expect(underWay.take(2, of: number, from: socket, at: start + .seconds(19))?.isLast == true)
        }
    }

    @Test func `a worker whose answer has not been read yet is not late`() async {
        await withCalls(2) { calls in
            let start = SuspendingClock.now
            var underWay = callsUnderWay()
            let sent = calls.map { underWay.add([$0], at: start) }
            let isUnread: (Int) -> Bool = { $0 != sent[1].socket }
            for _ in 0..<3 {
                #expect(underWay.takeOverdue(at: start + .seconds(11), unless: isAnswered).isEmpty)
            }
            #expect(underWay.takeOverdue(at: start + .seconds(11), unless: isUnread).isEmpty)
            #expect(
                underWay.takeOverdue(at: start + .seconds(11), unless: isUnread).map(identifier)
                    == [identifier(calls[1])])
            #expect(underWay.take(0, of: sent[0].number, from: sent[0].socket, at: start) != nil)
        }
    }

    @Test func `the opening is sent without a session, and each message to an idle session`()
        async
    {
        await withCalls(1) { calls in
            var underWay = CallsUnderWay()
            let opening = underWay.add(calls, at: .now)
            #expect(opening.socket == WorkerSockets.main)
            #expect(underWay.take(0, of: opening.number, from: opening.socket, at: .now) != nil)
            underWay.serve(sessions: 2)
            let first = underWay.add(calls, at: .now)
            let second = underWay.add(calls, at: .now)
            #expect(Set([first.socket, second.socket]) == Set([0, 1].map(WorkerSockets.session)))
            #expect(underWay.take(0, of: first.number, from: first.socket, at: .now) != nil)
            let third = underWay.add(calls, at: .now)
            #expect(third.socket == first.socket)
            #expect(third.number != first.number)
        }
    }

    @Test func `an unexpected answer is rejected`() async {
        await withCalls(1) { calls in
            var underWay = callsUnderWay()
            let (socket, number) = underWay.add(calls, at: .now)
            #expect(underWay.take(0, of: number + 1, from: socket, at: .now) == nil)
            #expect(underWay.take(1, of: number, from: socket, at: .now) == nil)
            // An answer from another session is rejected as well.
            #expect(underWay.take(0, of: number, from: socket + 1, at: .now) == nil)
            #expect(underWay.take(0, of: number, from: socket, at: .now) != nil)
            #expect(underWay.take(0, of: number, from: socket, at: .now) == nil)
        }
    }

    @Test func `a message that could not be sent has no deadline`() async {
        await withCalls(1) { calls in
            var underWay = callsUnderWay()
            let unsent = underWay.add(calls, at: .now)
            #expect(underWay.remove(unsent.number, from: unsent.socket)?.calls.count == 1)
            #expect(underWay.remove(unsent.number, from: unsent.socket) == nil)
            #expect(underWay.takeOverdue(at: .now + .seconds(60), unless: isSilent).isEmpty)
            #expect(underWay.removeAll().isEmpty)
        }
    }
}
