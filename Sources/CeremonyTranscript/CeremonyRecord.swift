public import Foundation
internal import JSON
public import PKIX

/// A transcript with a valid chain and valid signatures. Verification needs only the file.
public struct CeremonyRecord: Sendable {
    public let entries: [TranscriptEntry]
    /// SHA-256 of the file, in hexadecimal, which is read aloud to the witnesses.
    public let digest: String
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
        var officers: [Officer] = []
        var isSignedByKey = false
        for entry in entries[body.count...] {
            let number = entry.index + 1
            guard entry.step == .signature, let signer = entry.details["signer"]?.stringValue else {
                throw .line(number, "something other than a signature stands behind the end")
            }
            let isOfTheKey = signer == "key \(identifier)"
            let own = entry.details["subjectPublicKeyInfo"]?.stringValue.flatMap(Self.publicKey)
            guard let publicKey = isOfTheKey ? key : own else {
                throw .line(number, "the signer has no public key")
            }
            let statement = Transcript.statement(after: entry.previous, signer: signer, time: entry.time)
            guard
                let algorithm = entry.details["algorithm"]?.stringValue.flatMap(CeremonySignature.algorithm),
                let text = entry.details["signature"]?.stringValue, let signature = Data(base64Encoded: text),
                signature.base64EncodedString() == text,
                publicKey.isValidSignature(Array(signature), of: Array(statement), algorithm)
            else { throw .line(number, "the signature of \(signer) does not verify") }
            if isOfTheKey {
                isSignedByKey = true
            } else {
                officers.append(Officer(name: signer, key: publicKey))
            }
        }
        guard isSignedByKey else { throw .incomplete("the key \(identifier) did not sign it") }
        self.entries = entries
        self.title = title
        self.ceremonyFileDigest = ceremonyFileDigest
        digest = sha256(file)
        self.isDryRun = isDryRun
        self.key = key
        keyIdentifier = identifier
        isKeyGenerated = source.step == .keyGenerated
        self.officers = officers
    }

    static func publicKey(_ base64: String) -> SubjectPublicKey? {
        guard let der = Data(base64Encoded: base64) else { return nil }
        return try? SubjectPublicKey(derEncoded: Array(der))
    }
}
