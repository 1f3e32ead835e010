internal import Crypto
internal import Identifiers

/// A node of the tree: SHA-256 of a leaf or of two nodes (RFC 6962, section 2.1). It is stored inline,
/// without an allocation, because a log has twice as many nodes as events.
public struct TreeHash: Sendable, Hashable, CustomStringConvertible {
    /// The octets in memory order.
    private var words: (UInt64, UInt64, UInt64, UInt64)

    public static let size = 32

    /// Nil unless there are 32 octets.
    public init?(_ octets: some Collection<UInt8>) {
        guard octets.count == Self.size else { return nil }
        unsafe self.init(filledBy: { unsafe $0.copyBytes(from: octets) })
    }

    private init(filledBy fill: (UnsafeMutableRawBufferPointer) -> Void) {
        words = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { unsafe fill($0) }
    }

    private init(_ digest: SHA256Digest) {
        unsafe self.init(filledBy: { target in
            unsafe digest.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        })
    }

    /// The hash of a leaf. The prefix 0x00 distinguishes it from a node.
    public init(leaf: some Sequence<UInt8>) {
        var hasher = SHA256()
        hasher.update(data: [0x00])
        let isContiguous: Void? = leaf.withContiguousStorageIfAvailable {
            unsafe hasher.update(bufferPointer: UnsafeRawBufferPointer($0))
        }
        if isContiguous == nil { hasher.update(data: Array(leaf)) }
        self.init(hasher.finalize())
    }

    public init(left: TreeHash, right: TreeHash) {
        var hasher = SHA256()
        hasher.update(data: [0x01])
        unsafe withUnsafeBytes(of: left.words) { unsafe hasher.update(bufferPointer: $0) }
        unsafe withUnsafeBytes(of: right.words) { unsafe hasher.update(bufferPointer: $0) }
        self.init(hasher.finalize())
    }

    /// The hash of a tree without leaves.
    public static let ofNothing = TreeHash(SHA256.hash(data: [UInt8]()))

    public var bytes: [UInt8] { unsafe withUnsafeBytes(of: words) { unsafe Array($0) } }

    public var description: String { hexadecimal(bytes) }

    public static func == (one: TreeHash, other: TreeHash) -> Bool { one.words == other.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}
