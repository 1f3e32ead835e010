/// The part of a tree that is needed to add leaves: the roots of its complete subtrees, the largest first.
public struct Frontier: Sendable, Hashable {
    public private(set) var size: UInt64
    /// One root for each bit that is set in ``size``, the highest first.
    public private(set) var roots: [TreeHash]

    public init() { (size, roots) = (0, []) }

    /// Nil unless the number of roots equals the number of bits set in `size`.
    public init?(size: UInt64, roots: [TreeHash]) {
        guard size.nonzeroBitCount == roots.count else { return nil }
        (self.size, self.roots) = (size, roots)
    }

    public mutating func append(_ leaf: TreeHash) {
        var node = leaf
        // For each trailing one of the size there is a complete subtree that the new leaf joins to a larger
        // one.
        for _ in 0..<(~size).trailingZeroBitCount { node = TreeHash(left: roots.removeLast(), right: node) }
        roots.append(node)
        size += 1
    }

    /// The root of the whole tree (RFC 6962, section 2.1).
    public var root: TreeHash {
        guard var node = roots.last else { return .ofNothing }
        for left in roots.dropLast().reversed() { node = TreeHash(left: left, right: node) }
        return node
    }
}
