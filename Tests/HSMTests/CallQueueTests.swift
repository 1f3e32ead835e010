import Synchronization
import Testing

@testable import HSM

/// Whose turn it is.
struct CallQueueTests {
    /// Notes who was let in, in order.
    private final class Order: Sendable {
        private let names = Mutex<[String]>([])
        func note(_ name: String) { names.withLock { $0.append(name) } }
        var all: [String] { names.withLock { $0 } }
        /// Returns when so many were let in.
        func wait(for count: Int) async {
            while all.count < count { await Task.yield() }
        }
    }

    /// Puts calls into a full queue one after the other, then lets them in one by one.
    private func order(_ claims: [TokenClaim]) async throws -> [String] {
        let queue = CallQueue(places: 1, limit: 100, patience: .seconds(60))
        let order = Order()
        try await queue.enter(1, for: .house)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, claim) in claims.enumerated() {
                group.addTask {
                    try await queue.enter(1, for: claim)
                    order.note(claim.isUrgent ? "!" + claim.claimant : claim.claimant)
                }
                while queue.waitingCount <= index { await Task.yield() }
            }
            for index in claims.indices {
                queue.leave(1)
                await order.wait(for: index + 1)
            }
            try await group.waitForAll()
        }
        return order.all
    }

    @Test func `a flood from one does not keep another waiting`() async throws {
        let flood = [TokenClaim](repeating: TokenClaim(claimant: "flood"), count: 6)
        let order = try await order(
            flood + [TokenClaim(claimant: "a"), TokenClaim(claimant: "b"), TokenClaim(claimant: "a")])
        #expect(order == ["flood", "a", "b", "flood", "a", "flood", "flood", "flood", "flood"])
    }

    @Test func `what relying parties wait for goes first`() async throws {
        let order = try await order([
            TokenClaim(claimant: "a"), TokenClaim(claimant: "b"), TokenClaim(claimant: "crl", isUrgent: true),
            TokenClaim(claimant: "ocsp", isUrgent: true),
        ])
        #expect(order == ["!crl", "!ocsp", "a", "b"])
    }

    @Test func `who waits too long, or comes when the queue is full, is sent away`() async throws {
        let queue = CallQueue(places: 1, limit: 1, patience: .zero)
        try await queue.enter(1, for: .house)
        let late = Task { try await queue.enter(1, for: TokenClaim(claimant: "late")) }
        while queue.waitingCount < 1 { await Task.yield() }
        let refused = await #expect(throws: HSMError.self) {
            try await queue.enter(1, for: TokenClaim(claimant: "more"))
        }
        guard case .busy? = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
        queue.dismissOverdue()
        await #expect(throws: HSMError.self) { try await late.value }
        // The place was never theirs.
        queue.leave(1)
        try await queue.enter(1, for: .house)
    }

    @Test func `more than there is counts as all there is`() async throws {
        let queue = CallQueue(places: 4, limit: 10, patience: .seconds(60))
        try await queue.enter(100, for: .house)
        queue.leave(100)
        try await queue.enter(4, for: .house)
    }
}
