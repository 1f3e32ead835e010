import Signing
import Testing

@testable import Tokens

/// The order in which calls enter the queue.
struct CallQueueTests {
    /// Enters calls into a full queue one after the other, then admits them one by one.
    private func order(_ priorities: [SigningPriority]) -> [String] {
        let queue = CallQueue<String>(places: 1, limit: 100, patience: .seconds(60))
        #expect(queue.enter("", 1, .daemon) == .now)
        for priority in priorities {
            #expect(queue.enter((priority.isUrgent ? "!" : "") + priority.source, 1, priority) == .queued)
        }
        return priorities.flatMap { _ in
            let admitted = queue.leave(1)
            #expect(admitted.count == 1)
            return admitted.flatMap { $0 }
        }
    }

    @Test func `many calls of one source do not delay another source`() {
        let flood = [SigningPriority](repeating: SigningPriority(source: "flood"), count: 6)
        let order = order(
            flood + [
                SigningPriority(source: "a"), SigningPriority(source: "b"), SigningPriority(source: "a"),
            ])
        #expect(order == ["flood", "a", "b", "flood", "a", "flood", "flood", "flood", "flood"])
    }

    @Test func `urgent calls go first`() {
        let order = order([
            SigningPriority(source: "a"), SigningPriority(source: "b"),
            SigningPriority(source: "crl", isUrgent: true),
            SigningPriority(source: "ocsp", isUrgent: true),
        ])
        #expect(order == ["!crl", "!ocsp", "a", "b"])
    }

    @Test func `a call that waits too long, or arrives at a full queue, is rejected`() {
        let queue = CallQueue<String>(places: 1, limit: 1, patience: .zero)
        #expect(queue.enter("first", 1, .daemon) == .now)
        #expect(queue.enter("late", 1, SigningPriority(source: "late")) == .queued)
        #expect(queue.enter("more", 1, SigningPriority(source: "more")) == .refused)
        #expect(queue.dismissOverdue() == ["late"])
        // The rejected call never held the place.
        #expect(queue.leave(1).isEmpty)
        #expect(queue.enter("next", 1, .daemon) == .now)
    }

    @Test func `a call for more places than exist gets all of them`() {
        let queue = CallQueue<String>(places: 4, limit: 10, patience: .seconds(60))
        #expect(queue.enter("all", 100, .daemon) == .now)
        #expect(queue.enter("other", 1, .daemon) == .queued)
        #expect(queue.leave(100) == [["other"]])
        #expect(queue.enter("three", 3, .daemon) == .now)
        #expect(queue.enter("one more", 1, .daemon) == .queued)
    }

    @Test func `calls that fit into added places start at once`() {
        let queue = CallQueue<String>(places: 1, limit: 10, patience: .seconds(60))
        queue.widen(to: 3)
        #expect(queue.enter("first", 1, .daemon) == .now)
        #expect(queue.enter("second", 1, .daemon) == .now)
        #expect(queue.enter("third", 1, .daemon) == .now)
        #expect(queue.enter("fourth", 1, mayShare: true, .daemon) == .queued)
        var places: Int?
        let next = queue.leave(1) { _, of in
            places = of
            return 1
        }
        #expect(next == [["fourth"]])
        #expect(places == 3)
        #expect(queue.enter("all", 100, .daemon) == .queued)
        #expect(queue.leave(1).isEmpty)
        #expect(queue.leave(2) == [["all"]])
    }

    @Test func `only calls that may share a place do, in the order of their turns`() {
        let queue = CallQueue<String>(places: 2, limit: 100, patience: .seconds(60))
        #expect(queue.enter("", 2, .daemon) == .now)
        for (name, mayShare) in [("a1", true), ("a2", true), ("a3", false), ("a4", true), ("a5", true)] {
            _ = queue.enter(name, 1, mayShare: mayShare, SigningPriority(source: "a"))
        }
        _ = queue.enter("b1", 1, mayShare: true, SigningPriority(source: "b"))
        _ = queue.enter("!", 1, mayShare: true, SigningPriority(source: "c", isUrgent: true))
        var waited: [Int] = []
        let first = queue.leave(2) { waiting, _ in
            waited.append(waiting)
            return 3
        }
        #expect(first == [["!", "a1", "b1"], ["a2"]])
        #expect(waited == [7, 4])
        #expect(queue.leave(1) { _, _ in 3 } == [["a3"]])
        #expect(queue.leave(1) { _, _ in 3 } == [["a4", "a5"]])
    }
}
