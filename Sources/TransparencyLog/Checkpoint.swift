internal import Foundation

/// A log's signed size and root hash (C2SP tlog-checkpoint).
public struct Checkpoint: Sendable, Hashable {
    /// The log's name, which is unique.
    public let origin: String
    public let size: UInt64
    public let root: TreeHash
    /// Lines after the third, whose meaning is defined by the log.
    public var extensions: [String]

    public init(origin: String, size: UInt64, root: TreeHash, extensions: [String] = []) {
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// Whether a log of a daemon can have this name. The name of a note has no blanks and no plus sign. One
    /// that begins with `0` could begin like DER.
    public static func isOrigin(_ text: String) -> Bool {
        let octets = Array(text.utf8)
        return (1...128).contains(octets.count) && octets[0] != UInt8(ascii: "0")
            && isAlphanumeric(octets[0])
            && octets.allSatisfy { isAlphanumeric($0) || "./_~-".utf8.contains($0) }
    }

    private static func isAlphanumeric(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// The text of the note that is signed, including the final line end.
    public var text: String {
        ([origin, "\(size)", Data(root.bytes).base64EncodedString()] + extensions)
            .map { $0 + "\n" }.joined()
    }

    /// - Throws: ``NoteFault`` with the malformed line
    public init(text: String) throws(NoteFault) {
        guard text.hasSuffix("\n") else {
            throw NoteFault(reason: "the checkpoint does not end with a line end")
        }
        let lines = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 3 else { throw NoteFault(reason: "the checkpoint has less than three lines") }
        guard !lines[0].isEmpty else {
            throw NoteFault(reason: "line 1 of the checkpoint, its origin, is empty")
        }
        // Decimal without leading zeros.
        guard let size = UInt64(lines[1]), "\(size)" == lines[1] else {
            throw NoteFault(reason: "line 2 of the checkpoint is not a size: `\(lines[1].prefix(32))`")
        }
        guard let root = Data(base64Encoded: lines[2]), root.base64EncodedString() == lines[2],
            let hash = TreeHash(root)
        else {
            throw NoteFault(reason: "line 3 of the checkpoint is not a root hash: `\(lines[2].prefix(64))`")
        }
        if lines.dropFirst(3).contains("") { throw NoteFault(reason: "the checkpoint has an empty line") }
        self.init(origin: lines[0], size: size, root: hash, extensions: Array(lines.dropFirst(3)))
    }
}

/// What is wrong with a note, a checkpoint or a tile.
public struct NoteFault: Error, Sendable, Hashable, CustomStringConvertible {
    public let reason: String

    public init(reason: String) { self.reason = reason }

    public var description: String { reason }
}
