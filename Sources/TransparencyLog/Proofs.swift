/// Reads the hash of a subtree of the log.
public protocol SubtreeHashes<Failure> {
    associatedtype Failure: Error
    /// - Parameter subtree: a complete subtree
    func hash(of subtree: Subtree) async throws(Failure) -> TreeHash
}

extension SubtreeHashes {
    /// The hash of any subtree (RFC 6962: MTH), computed from complete ones.
    private func node(_ subtree: Subtree) async throws(Failure) -> TreeHash {
        if subtree.isComplete { return try await hash(of: subtree) }
        let left = try await node(Subtree(start: subtree.start, end: subtree.middle))
        let right = try await node(Subtree(start: subtree.middle, end: subtree.end))
        return TreeHash(left: left, right: right)
    }

    /// The root of the tree of the first `size` leaves.
    public func root(size: UInt64) async throws(Failure) -> TreeHash {
        size == 0 ? .ofNothing : try await node(Subtree(start: 0, end: size))
    }

    /// The nodes on the path from a leaf to the root (RFC 6962, section 2.1.1: PATH), the lowest first.
    public func inclusionProof(of index: UInt64, size: UInt64) async throws(Failure) -> [TreeHash] {
        precondition(index < size, "the leaf is not in the tree")
        var subtree = Subtree(start: 0, end: size)
        var siblings: [Subtree] = []
        while subtree.count > 1 {
            let left = Subtree(start: subtree.start, end: subtree.middle)
            let right = Subtree(start: subtree.middle, end: subtree.end)
            (subtree, siblings) =
                index < subtree.middle ? (left, siblings + [right]) : (right, siblings + [left])
        }
        var proof: [TreeHash] = []
        for sibling in siblings.reversed() { proof.append(try await node(sibling)) }
        return proof
    }

    /// The nodes that prove that the tree of the first `size` leaves begins with that of the first `old` (RFC
    /// 6962, section 2.1.2: PROOF).
    public func consistencyProof(from old: UInt64, to size: UInt64) async throws(Failure) -> [TreeHash] {
        precondition(old <= size, "the older tree is the larger one")
        if old == 0 || old == size { return [] }
        var subtree = Subtree(start: 0, end: size)
        var nodes: [Subtree] = []
        // Whether the subtree is the whole old tree, whose root the verifier already has.
        var isWhole = true
        while subtree.end != old {
            if old <= subtree.middle {
                nodes.append(Subtree(start: subtree.middle, end: subtree.end))
                subtree = Subtree(start: subtree.start, end: subtree.middle)
            } else {
                nodes.append(Subtree(start: subtree.start, end: subtree.middle))
                subtree = Subtree(start: subtree.middle, end: subtree.end)
                isWhole = false
            }
        }
        if !isWhole { nodes.append(subtree) }
        var proof: [TreeHash] = []
        for subtree in nodes.reversed() { proof.append(try await node(subtree)) }
        return proof
    }
}

/// Verifies proofs with the algorithms of RFC 9162 (sections 2.1.3.2 and 2.1.4.2).
public enum ProofCheck {
    /// Whether `proof` connects the leaf at `index` with the root of a tree of `size` leaves.
    public static func includes(
        _ leaf: TreeHash, at index: UInt64, size: UInt64, root: TreeHash, proof: [TreeHash]
    ) -> Bool {
        guard index < size else { return false }
        var (place, last) = (index, size - 1)
        var node = leaf
        for sibling in proof {
            if last == 0 { return false }
            if place & 1 == 1 || place == last {
                node = TreeHash(left: sibling, right: node)
                while place & 1 == 0, place != 0 { (place, last) = (place >> 1, last >> 1) }
            } else {
                node = TreeHash(left: node, right: sibling)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 && node == root
    }

    /// Whether `proof` shows that the tree of `newRoot` begins with that of `oldRoot`.
    public static func isConsistent(
        from old: UInt64, _ oldRoot: TreeHash, to new: UInt64, _ newRoot: TreeHash, proof: [TreeHash]
    ) -> Bool {
        guard old <= new else { return false }
        if old == 0 { return proof.isEmpty && oldRoot == .ofNothing }
        if old == new { return proof.isEmpty && oldRoot == newRoot }
        var path = proof[...]
        if old.nonzeroBitCount == 1 { path = [oldRoot] + path }
        guard let first = path.popFirst() else { return false }
        var (place, last) = (old - 1, new - 1)
        while place & 1 == 1 { (place, last) = (place >> 1, last >> 1) }
        var (oldNode, newNode) = (first, first)
        for sibling in path {
            if last == 0 { return false }
            if place & 1 == 1 || place == last {
                oldNode = TreeHash(left: sibling, right: oldNode)
                newNode = TreeHash(left: sibling, right: newNode)
                while place & 1 == 0, place != 0 { (place, last) = (place >> 1, last >> 1) }
            } else {
                newNode = TreeHash(left: newNode, right: sibling)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 && oldNode == oldRoot && newNode == newRoot
    }
}
