public import Foundation
internal import JSON
public import PKIX

/// A transcript with a valid chain and valid signatures. Verification needs only the file.
public struct CeremonyRecord: Sendable {
    public let entries: [TranscriptEntry]
    /// SHA-256 of the file, in hexadecimal, which is read aloud to the witnesses.
    public let digest: String
    /// The same without the signatures that were added later; nil when there are none.
    public let digestAtTerminal: String?
    public let title: String
    /// SHA-256 of the ceremony file, in hexadecimal.
    public let ceremonyFileDigest: String
    public let isDryRun: Bool
    /// The key of the ceremony, which signs the transcript.
    public let key: SubjectPublicKey
    /// CKA_ID
    public let keyIdentifier: String
    /// Whether the key was generated in this ceremony.
    public let isKeyGenerated: Bool
    /// The name of the log whose checkpoints the key signs; nil for a key of an authority.
    public let logOrigin: String?
    /// The officers who signed with keys of their own.
    public let officers: [Officer]

    /// The octets of the transcript.
    let file: Data
    /// The Signature line of the key.
    let keySignature: KeySignature
    let lastLineDigest: String

    struct KeySignature: Sendable {
        /// SHA-256 of the line, in hexadecimal.
        let digest: String
        let time: String
    }

    public struct Officer: Sendable {
        public let name: String
        public let key: SubjectPublicKey
    }

    /// Reads a transcript and checks the chain of lines, its end, and every signature.
    public init(verifying file: Data) throws(TranscriptError) {
        var lines = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true, !lines.isEmpty else {
            throw .malformed("it does not end with a line feed: it is cut off, or no transcript")
        }
        var entries: [TranscriptEntry] = []
        var previous = TranscriptEntry.noPrevious
        for (index, line) in lines.enumerated() {
            let entry: TranscriptEntry
            do { entry = try TranscriptEntry(parsing: Data(line)) } catch {
                throw .line(index + 1, error.description)
            }
            guard (try? entry.line()) == Data(line) else {
                throw .line(index + 1, "it is not written as a transcript writes it")
            }
            guard entry.index == index else {
                throw .line(index + 1, "its index is \(entry.index), not \(index)")
            }
            guard entry.previous == previous else {
                throw .line(index + 1, "it does not follow the line before it: one of the two was changed")
            }
            entries.append(entry)
            previous = sha256(line)
        }
        let body = entries.prefix { $0.step != .signature }
        guard body.last?.step == .concluded else {
            throw .incomplete(
                "the ceremony did not come to its end: the last step is \(body.last?.step.rawValue ?? "none")"
            )
        }
        let first = entries[0]
        guard first.step == .ceremony, let title = first.details["title"]?.stringValue,
            let ceremonyFileDigest = first.details["ceremonyFileSHA256"]?.stringValue,
            case .boolean(let isDryRun)? = first.details["isDryRun"]
        else { throw .line(1, "it does not say which ceremony this is") }
        // The generated key, or else the existing one.
        guard
            let source = body.first(where: { $0.step == .keyGenerated })
                ?? body.first(where: { $0.step == .keyFound }),
            let identifier = source.details["identifier"]?.stringValue,
            let encoded = source.details["subjectPublicKeyInfo"]?.stringValue,
            let key = Self.publicKey(encoded)
        else { throw .incomplete("it names no key") }
        logOrigin = body.first { $0.step == .prepared }?.details["origin"]?.stringValue
        guard (first.details["action"]?.stringValue == "log-key") == (logOrigin != nil) else {
            throw .incomplete("it does not name the log of its key")
        }
        let signatures = try Self.signatures(
            entries[body.count...], lines, key, keySigner: "key \(identifier)")
        guard let keySignature = signatures.ofKey else {
            throw .incomplete("the key \(identifier) did not sign it")
        }
        self.file = file
        self.keySignature = keySignature
        lastLineDigest = previous
        self.entries = entries
        self.title = title
        self.ceremonyFileDigest = ceremonyFileDigest
        digest = sha256(file)
        let added = entries.firstIndex { $0.details["signedLine"] != nil && $0.step == .signature }
        digestAtTerminal = added.map { sha256(file.prefix(lines[..<$0].reduce(0) { $0 + $1.count + 1 })) }
        self.isDryRun = isDryRun
        self.key = key
        keyIdentifier = identifier
        isKeyGenerated = source.step == .keyGenerated
        officers = signatures.officers
    }

    /// Checks every Signature line.
    private static func signatures(
        _ entries: ArraySlice<TranscriptEntry>, _ lines: [Data], _ key: SubjectPublicKey, keySigner: String
    ) throws(TranscriptError) -> (ofKey: KeySignature?, officers: [Officer]) {
        var officers: [Officer] = []
        var ofKey: KeySignature?
        for entry in entries {
            let (line, number) = (try SignatureLine(entry, keySigner: keySigner), entry.index + 1)
            // A detached signature does not cover the lines between.
            if let signedLine = line.signedLine, signedLine != ofKey?.digest || entry.time != ofKey?.time {
                throw .line(number, "it signs another line than the signature of the key")
            }
            let isOfTheKey = line.ownKey == nil
            guard isOfTheKey ? ofKey == nil : !officers.contains(where: { $0.name == line.signer }) else {
                throw .line(number, "\(line.signer) signed already")
            }
            let statement = Transcript.statement(
                after: line.signedLine ?? entry.previous, signer: line.signer, time: entry.time)
            guard line.isValid(for: statement, by: line.ownKey ?? key) else {
                throw .line(number, SignatureLine.refusal(line.signer))
            }
            if let own = line.ownKey {
                officers.append(Officer(name: line.signer, key: own))
            } else {
                ofKey = KeySignature(digest: sha256(lines[entry.index]), time: entry.time)
            }
        }
        return (ofKey, officers)
    }

    static func publicKey(_ base64: String) -> SubjectPublicKey? {
        guard let der = Data(base64Encoded: base64) else { return nil }
        return try? SubjectPublicKey(derEncoded: Array(der))
    }
}
