import Testing
import TransparencyLog

/// The tree of RFC 6962, compared with its definition and with the test vectors of other logs.
struct TreeTests {
    /// Reads subtrees of leaves that are all in memory.
    struct Leaves: SubtreeHashes {
        let hashes: [TreeHash]

        func hash(of subtree: Subtree) async throws(Never) -> TreeHash {
            #expect(subtree.isComplete)
            return Self.definition(hashes[Int(subtree.start)..<Int(subtree.end)])
        }

        /// MTH as RFC 6962, section 2.1, defines it.
        static func definition(_ leaves: ArraySlice<TreeHash>) -> TreeHash {
            if leaves.isEmpty { return .ofNothing }
            if leaves.count == 1 { return leaves[leaves.startIndex] }
            var size = 1
            while size * 2 < leaves.count { size *= 2 }
            let middle = leaves.startIndex + size
            return TreeHash(left: definition(leaves[..<middle]), right: definition(leaves[middle...]))
        }
    }

    static let leaves = Leaves(hashes: (0..<70).map { TreeHash(leaf: Array("leaf \($0)".utf8)) })

    /// Test vectors of the first implementation of Certificate Transparency.
    @Test(arguments: [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ])
    func `roots equal those of other logs`(_ size: Int, _ root: String) {
        let inputs: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], Array(0x40...0x43), Array(0x50...0x57),
            Array(0x60...0x6F),
        ]
        var frontier = Frontier()
        for input in inputs.prefix(size) { frontier.append(TreeHash(leaf: input)) }
        #expect(frontier.root.description == root)
        #expect(frontier.size == UInt64(size))
    }

    @Test func `a frontier has the root of the definition at every size`() async {
        var frontier = Frontier()
        for size in 0...70 {
            let root = Leaves.definition(Self.leaves.hashes[..<size])
            #expect(frontier.root == root)
            #expect(await Self.leaves.root(size: UInt64(size)) == root)
            #expect(Frontier(size: UInt64(size), roots: frontier.roots)?.root == root)
            if size < 70 { frontier.append(Self.leaves.hashes[size]) }
        }
        #expect(Frontier(size: 3, roots: [.ofNothing]) == nil)
    }

    @Test func `each leaf of each tree is proven, and its proof proves no other leaf`() async {
        for size in UInt64(1)...70 {
            let root = await Self.leaves.root(size: size)
            for index in 0..<size {
                let leaf = Self.leaves.hashes[Int(index)]
                let proof = await Self.leaves.inclusionProof(of: index, size: size)
                func holds(
                    _ leaf: TreeHash, _ index: UInt64, _ size: UInt64, _ root: TreeHash, _ proof: [TreeHash]
                ) -> Bool { ProofCheck.includes(leaf, at: index, size: size, root: root, proof: proof) }
                #expect(holds(leaf, index, size, root, proof))
                #expect(!holds(TreeHash(leaf: [1]), index, size, root, proof))
                #expect(!holds(leaf, index, size, .ofNothing, proof))
                #expect(!holds(leaf, index, size, root, proof + [root]))
                #expect(!holds(leaf, size, size, root, proof))
                if !proof.isEmpty { #expect(!holds(leaf, index, size, root, Array(proof.dropLast()))) }
                if size > 1 { #expect(!holds(leaf, (index + 1) % size, size, root, proof)) }
            }
        }
    }

    @Test func `each tree is consistent with each smaller one, and its proof proves no other`() async {
        for size in UInt64(0)...70 {
            let root = await Self.leaves.root(size: size)
            for old in 0...size {
                let oldRoot = await Self.leaves.root(size: old)
                let proof = await Self.leaves.consistencyProof(from: old, to: size)
                #expect(ProofCheck.isConsistent(from: old, oldRoot, to: size, root, proof: proof))
                #expect(
                    !ProofCheck.isConsistent(from: old, TreeHash(leaf: [1]), to: size, root, proof: proof))
                #expect(
                    old == 0
                        || !ProofCheck.isConsistent(
                            from: old, oldRoot, to: size, TreeHash(leaf: [1]), proof: proof)
                )
                #expect(!ProofCheck.isConsistent(from: old, oldRoot, to: size, root, proof: proof + [root]))
                if old != 0, old != size {
                    #expect(
                        !ProofCheck.isConsistent(
                            from: old, oldRoot, to: size, root, proof: Array(proof.dropLast())))
                }
            }
        }
    }

    @Test(arguments: [
        (0, "000"), (999, "999"), (1000, "x001/000"), (1_234_067, "x001/x234/067"),
    ])
    func `tiles are at the places that the standard defines`(_ index: UInt64, _ place: String) {
        #expect(Tile(level: 3, index: index).path == "tile/3/\(place)")
        #expect(Tile(level: 0, index: index, count: 7).entriesPath == "tile/entries/\(place).p/7")
    }

    @Test func `the tiles contain the whole log`() {
        let paths = Tile.all(size: 256 * 256 + 300).map(\.path)
        #expect(paths.count == 257 + 1 + 1 + 1 + 1)
        #expect(
            paths.contains("tile/0/257.p/44") && paths.contains("tile/1/000")
                && paths.contains("tile/1/001.p/1"))
        #expect(paths.last == "tile/2/000.p/1")
        #expect(Tile.all(size: 0).isEmpty)
        #expect(Tile(level: 1, index: 2, count: 3).leaves == Subtree(start: 131_072, end: 131_840))
    }

    @Test func `a tree grows by tiles, and continues from them`() async {
        let leaves = Leaves(hashes: (0..<1030).map { TreeHash(leaf: Array("leaf \($0)".utf8)) })
        var tree = GrowingTree()
        var tiles: [Tile: [TreeHash]] = [:]
        for (index, leaf) in leaves.hashes.enumerated() {
            for complete in tree.append(leaf) {
                #expect(complete.nodes.count == 256 && complete.bytes.count == 8192)
                tiles[complete.tile] = complete.nodes
            }
            guard index % 97 == 0 || index == 1029 else { continue }
            #expect(tree.root == Leaves.definition(leaves.hashes[...index]))
        }
        #expect(Set(tiles.keys) == Set((0..<4).map { Tile(level: 0, index: UInt64($0)) }))
        let upper = (0..<4).map { GrowingTree.root(ofTile: tiles[Tile(level: 0, index: UInt64($0))] ?? []) }
        let again = GrowingTree(size: 1030, open: [Array(leaves.hashes[1024...]), upper])
        #expect(again?.root == tree.root && again?.size == 1030)
        #expect(GrowingTree(size: 1031, open: [Array(leaves.hashes[1024...]), upper]) == nil)
    }
}
