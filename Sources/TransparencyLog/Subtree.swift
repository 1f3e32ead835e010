/// The leaves of a tree from `start` up to and without `end`: a node of some tree when it can be one.
public struct Subtree: Sendable, Hashable {
    public let start: UInt64
    public let end: UInt64

    public init(start: UInt64, end: UInt64) {
        self.start = start
        self.end = end
    }

    public var count: UInt64 { end - start }

    /// Where RFC 6962 divides it: after the largest power of two smaller than its size.
    var middle: UInt64 { start + UInt64(1) << UInt64(63 - (count - 1).leadingZeroBitCount) }

    /// Complete: as many leaves as a power of two, at a place that is a multiple of it.
    public var isComplete: Bool { count.nonzeroBitCount == 1 && start % count == 0 }
}
