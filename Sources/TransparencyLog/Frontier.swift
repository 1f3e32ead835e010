/// The part of a tree that is needed to add leaves: the roots of its complete subtrees, the largest first.
public struct Frontier: Sendable, Hashable {
    public private(set) var size: UInt64
    /// One for each bit that is set in ``size``, the highest first.
    public private(set) var roots: [TreeHash]

    public init() { (size, roots) = (0, []) }

    /// Nil when there are not as many roots as the size has bits.
    public init?(size: UInt64, roots: [TreeHash]) {
        guard size.nonzeroBitCount == roots.count else { return nil }
        (self.size, self.roots) = (size, roots)
    }

    public mutating func append(_ leaf: TreeHash) {
        var node = leaf
        // Each trailing one is a complete subtree of the same height that the new one completes.
        for _ in 0..<(~size).trailingZeroBitCount { node = TreeHash(left: roots.removeLast(), right: node) }
        roots.append(node)
        size += 1
    }

    /// Of the whole tree (RFC 6962, section 2.1).
    public var root: TreeHash {
        guard var node = roots.last else { return .ofNothing }
        for left in roots.dropLast().reversed() { node = TreeHash(left: left, right: node) }
        return node
    }
}
