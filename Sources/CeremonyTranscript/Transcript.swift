public import Foundation
public import JSON
internal import PKIX

/// A growing transcript, in which each entry has the hash of the previous line.
public struct Transcript: Sendable {
    public private(set) var entries: [TranscriptEntry] = []
    /// SHA-256 of the last line.
    public private(set) var head = TranscriptEntry.noPrevious

    public init() {}

    /// Adds an entry, and returns its line with the line feed.
    public mutating func append(
        _ step: TranscriptEntry.Step, _ details: JSONObject, at time: String
    ) throws -> (entry: TranscriptEntry, line: Data) {
        let entry = TranscriptEntry(
            index: entries.count, time: time, step: step, details: details, previous: head)
        let line = try entry.line()
        entries.append(entry)
        head = sha256(line)
        return (entry, line + Data("\n".utf8))
    }

    /// The text that a key signs for a transcript: the hash of the previous line, and the signer and time of
    /// the Signature line. No certificate, CRL or request can begin like this text.
    public static func statement(after previous: String, signer: String, time: String) -> Data {
        Data("signet ceremony transcript v2\n\(previous)\n\(signer)\n\(time)\n".utf8)
    }
}
