public import Foundation
public import JSON
internal import PKIX

/// A transcript while it grows: each entry bound to the one before.
public struct Transcript: Sendable {
    public private(set) var entries: [TranscriptEntry] = []
    /// SHA-256 of the last line.
    public private(set) var head = TranscriptEntry.noPrevious

    public init() {}

    /// Adds an entry; its line with the line feed.
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

    /// What a key signs to stand for a transcript: text that no certificate, CRL or request can be, with the hash of the line
    /// before its own, and what its own line says of who signs and when.
    public static func statement(after previous: String, signer: String, time: String) -> Data {
        Data("signet ceremony transcript v2\n\(previous)\n\(signer)\n\(time)\n".utf8)
    }
}
