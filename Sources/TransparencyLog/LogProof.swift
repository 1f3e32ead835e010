internal import Foundation

/// A proof that an event is in a log, as a file (C2SP tlog-proof).
public struct LogProof: Sendable, Hashable {
    private static let header = "c2sp.org/tlog-proof@v1"

    public let index: UInt64
    public let proof: [TreeHash]
    public let checkpoint: SignedNote

    public init(index: UInt64, proof: [TreeHash], checkpoint: SignedNote) {
        self.index = index
        self.proof = proof
        self.checkpoint = checkpoint
    }

    public var encoded: String {
        ([Self.header, "index \(index)"] + proof.map { Data($0.bytes).base64EncodedString() } + [""])
            .map { $0 + "\n" }.joined() + checkpoint.encoded
    }

    /// - Throws: ``NoteFault``
    public init(encoded: String) throws(NoteFault) {
        guard let divide = encoded.range(of: "\n\n") else {
            throw NoteFault(reason: "the proof has no empty line before its checkpoint")
        }
        var lines = encoded[..<divide.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)[
            ...]
        guard lines.popFirst() == Self.header[...] else {
            throw NoteFault(reason: "the proof does not begin with `\(Self.header)`")
        }
        if lines.first?.hasPrefix("extra ") == true { lines.removeFirst() }
        guard let line = lines.popFirst(), line.hasPrefix("index "), let index = UInt64(line.dropFirst(6)),
            "index \(index)" == line
        else { throw NoteFault(reason: "the proof has no line with its index") }
        var proof: [TreeHash] = []
        for line in lines {
            guard let hash = Data(base64Encoded: String(line)).flatMap({ TreeHash($0) }) else {
                throw NoteFault(reason: "a line of the proof is no hash: `\(line.prefix(64))`")
            }
            proof.append(hash)
        }
        self.init(
            index: index, proof: proof,
            checkpoint: try SignedNote(encoded: String(encoded[divide.upperBound...])))
    }

    /// What is wrong with the proof; nil when the event is in the log and `verifier` signed the checkpoint.
    public func fault(event: [UInt8], verifier: NoteVerifier) -> String? {
        guard verifier.verify(checkpoint) != nil else {
            return "the checkpoint is not signed by \(verifier.name), or not by this key"
        }
        let read: Checkpoint
        do { read = try Checkpoint(text: checkpoint.text) } catch { return error.reason }
        guard read.origin == verifier.name else {
            return "the checkpoint is of another log: `\(read.origin)`, and not `\(verifier.name)`"
        }
        guard index < read.size else {
            return "the event \(index) is not in the checkpoint, which ends before event \(read.size)"
        }
        let leaf = TreeHash(leaf: event)
        return ProofCheck.includes(leaf, at: index, size: read.size, root: read.root, proof: proof)
            ? nil : "the proof does not lead from this event to the checkpoint's root"
    }
}
