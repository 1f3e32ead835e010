import Foundation
import Logging
import RecordKeeping
import Synchronization
import Testing

@testable import Jobs

/// Jobs run when they are due, when they are woken, and again after a failure.
@Suite(.timeLimit(.minutes(1)))
final class SchedulerTests: Sendable {
    /// A clock that tests set, and the sleepers that wait for it.
    private final class ManualTime: Sendable {
        private struct State {
            var now = Date(timeIntervalSince1970: 1_800_000_000)
            var sleepers: [UUID: (end: Date, wake: CheckedContinuation<Void, any Error>)] = [:]
        }

        private let state = Mutex(State())

        var now: Date { state.withLock { $0.now } }
        var sleepers: [Date] { state.withLock { $0.sleepers.values.map(\.end) } }

        func sleep(until end: Date) async throws {
            let id = UUID()
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let isOver = state.withLock { state in
                        if Task.isCancelled || end <= state.now { return true }
                        state.sleepers[id] = (end, continuation)
                        return false
                    }
                    if isOver { continuation.resume() }
                }
                try Task.checkCancellation()
            } onCancel: {
                state.withLock { $0.sleepers.removeValue(forKey: id) }?.wake.resume(
                    throwing: CancellationError())
            }
        }

        func advance(_ seconds: TimeInterval) {
            let due = state.withLock { state in
                state.now += seconds
                let due = state.sleepers.filter { $0.value.end <= state.now }
                for id in due.keys { state.sleepers[id] = nil }
                return due.values.map(\.wake)
            }
            for wake in due { wake.resume() }
        }
    }

    private let time = ManualTime()
    private let board = JobBoard()
    private let runs = Mutex<[String]>([])

    private func scheduler(_ jobs: [Job]) -> Scheduler {
        Scheduler(
            jobs, board: board, clock: Clock { [time] in time.now },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            sleep: { [time] in try await time.sleep(until: $0) })
    }

    /// Returns once the condition holds; the time limit of the suite ends the wait.
    private func wait(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(1)) }
    }

    private func count(_ name: String) -> Int { runs.withLock { runs in runs.count { $0 == name } } }

    private func isWaiting(_ name: String, runs expected: Int) -> Bool {
        count(name) == expected && board.statuses.first { $0.name == name }?.dueAt != nil
            && !time.sleepers.isEmpty
    }

    @Test func `a job runs at once, and when its time comes`() async throws {
        let job = Job("a") { [self] in
            runs.withLock { $0.append("a") }
            return .init(next: time.now.addingTimeInterval(60))
        }
        let running = Task { await scheduler([job]).run() }
        try await wait { isWaiting("a", runs: 1) }
        time.advance(59)
        #expect(count("a") == 1)
        time.advance(1)
        try await wait { isWaiting("a", runs: 2) }
        let status = try #require(board.statuses.first)
        #expect(status.state == .waiting && status.dueAt == time.now.addingTimeInterval(60))
        running.cancel()
        await running.value
    }

    @Test func `a woken job runs before its time, and a slow one delays no other`() async throws {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (releases, release) = AsyncStream.makeStream(of: Void.self)
        let slow = Job("slow") { [self] in
            runs.withLock { $0.append("slow") }
            for await _ in releases { break }
            return .init(next: .distantFuture)
        }
        let woken = Job("woken", wokenBy: wakes) { [self] in
            runs.withLock { $0.append("woken") }
            return .init(next: time.now.addingTimeInterval(3600))
        }
        let running = Task { await scheduler([slow, woken]).run() }
        try await wait { count("slow") == 1 && isWaiting("woken", runs: 1) }
        #expect(board.statuses.first { $0.name == "slow" }?.state == .running)
        wake.yield()
        try await wait { isWaiting("woken", runs: 2) }
        #expect(count("slow") == 1)
        release.yield()
        running.cancel()
        await running.value
    }

    @Test func `a wake while the job runs is not lost`() async throws {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (releases, release) = AsyncStream.makeStream(of: Void.self)
        let iterator = Mutex(0)
        let job = Job("a", wokenBy: wakes) { [self] in
            runs.withLock { $0.append("a") }
            if iterator.withLock({ count in
                count += 1
                return count == 1
            }) {
                for await _ in releases { break }
            }
            return .init(next: .distantFuture)
        }
        let running = Task { await scheduler([job]).run() }
        try await wait { count("a") == 1 }
        wake.yield()
        release.yield()
        try await wait { count("a") == 2 }
        running.cancel()
        await running.value
    }

    @Test func `a job that fails runs again after a growing pause, and says why`() async throws {
        struct Failure: Error, CustomStringConvertible { let description = "the disk is full" }
        let fails = Mutex(true)
        let job = Job("a") { [self] in
            runs.withLock { $0.append("a") }
            if fails.withLock({ $0 }) { throw Failure() }
            return .init(next: time.now.addingTimeInterval(60))
        }
        let running = Task { await scheduler([job]).run() }
        try await wait { isWaiting("a", runs: 1) }
        for (number, pause) in [1, 2, 4, 8, 16, 32, 60, 60].enumerated() {
            let status = try #require(board.statuses.first)
            #expect(status.state == .failing && status.problem == "the disk is full")
            #expect(status.dueAt == time.now.addingTimeInterval(TimeInterval(pause)))
            if number == 7 { fails.withLock { $0 = false } }
            time.advance(TimeInterval(pause))
            try await wait { isWaiting("a", runs: number + 2) }
        }
        #expect(board.statuses.first?.state == .waiting && board.statuses.first?.problem == nil)
        running.cancel()
        await running.value
    }
}
