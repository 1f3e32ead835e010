/// The leaves of a tree from `start` up to, but not including, `end`.
public struct Subtree: Sendable, Hashable {
    public let start: UInt64
    public let end: UInt64

    public init(start: UInt64, end: UInt64) {
        self.start = start
        self.end = end
    }

    public var count: UInt64 { end - start }

    /// Where RFC 6962 splits it: after as many leaves as the largest power of two that is less than its size.
    var middle: UInt64 { start + UInt64(1) << UInt64(63 - (count - 1).leadingZeroBitCount) }

    /// Whether its size is a power of two and its start a multiple of it.
    public var isComplete: Bool { count.nonzeroBitCount == 1 && start % count == 0 }
}
