internal import AuditLog
internal import CeremonyTranscript
internal import Foundation
internal import Identifiers
internal import PKIX
internal import Settings
internal import StrictYAML
internal import TransparencyLog
internal import TrustedPaths
internal import VisibleText

/// The keys that were made in ceremonies, from the operator's transcripts.
struct CeremonyRecords {
    /// The keys that the daemon may use: those of authorities, and the log's.
    let keys: Set<SubjectPublicKey>
    /// Nil without `log`.
    let logKey: LogIdentity.CeremonyKey?

    private struct Record {
        /// The name of the file.
        let name: String
        let transcript: CeremonyRecord
    }

    /// Reads every transcript. An invalid one ends the start, because its key cannot be determined. So does a
    /// log whose key has no transcript.
    /// - Parameter log: the name of the log; nil for none
    init(_ settings: DaemonSettings.Ceremony, log: String?) throws(StartupError) {
        let records = try Self.records(settings).filter(\.transcript.isKeyGenerated)
        let authorities = records.filter { $0.transcript.logOrigin == nil }.map(\.transcript.key)
        guard let log else {
            (keys, logKey) = (Set(authorities), nil)
            return
        }
        let key = try Self.logKey(records, log, settings.recordsDirectory)
        (keys, logKey) = (Set(authorities + [key.publicKey]), key)
    }

    private static func logKey(
        _ records: [Record], _ origin: String, _ directory: String
    ) throws(StartupError) -> LogIdentity.CeremonyKey {
        let made = records.filter { $0.transcript.logOrigin == origin }
        guard let record = made.first else {
            let others = records.compactMap { record in
                record.transcript.logOrigin.map { "`\(record.name)` is of the log `\($0)`" }
            }
            throw StartupError(
                "the log `\(origin)` needs a key that a ceremony made for it, and no transcript in `\(directory)` is of one\(others.isEmpty ? "" : ": \(others.joined(separator: ", "))")",
                hint:
                    "make the key by a ceremony of the kind log-key with this name as its origin (Docs/Ceremony.md) and put the transcript there, or leave out `log`",
                status: .configuration)
        }
        guard made.count == 1 else {
            throw StartupError(
                "several ceremonies made a key for the log `\(origin)`: \(made.map { "`\($0.name)`" }.joined(separator: ", "))",
                hint: "a log has one key: leave its transcript in `\(directory)`, and move away the others",
                status: .configuration)
        }
        let key = record.transcript.key
        guard let identifier = octets(hexadecimal: record.transcript.keyIdentifier),
            NoteVerifier(name: origin, algorithm: .ecdsa, key: key.derBytes) != nil
        else { throw refusal("the key of `\(record.name)` cannot sign the checkpoints of a log") }
        return LogIdentity.CeremonyKey(
            identifier: identifier, publicKey: key, transcriptDigest: record.transcript.digest)
    }

    private static func records(_ settings: DaemonSettings.Ceremony) throws(StartupError) -> [Record] {
        let officers = try officers(settings)
        let directory = URL(fileURLWithPath: settings.recordsDirectory)
        let files = try? FileManager.default.contentsOfDirectory(
            at: directory, includingPropertiesForKeys: nil)
        guard let files else { throw refusal("the directory `\(directory.path)` cannot be read") }
        var records: [Record] = []
        for file in files.sorted(by: { $0.path < $1.path }) where file.pathExtension == "jsonl" {
            if let fault = FileTrust.fault(ofFile: file.path) {
                throw refusal("`\(file.lastPathComponent)` \(fault)")
            }
            guard let data = FileManager.default.contents(atPath: file.path) else {
                throw refusal("`\(file.lastPathComponent)` cannot be read")
            }
            let transcript: CeremonyRecord
            do throws(TranscriptError) { transcript = try CeremonyRecord(verifying: data) } catch {
                throw refusal("`\(file.lastPathComponent)` does not hold: \(error)")
            }
            guard !transcript.isDryRun else {
                throw refusal("`\(file.lastPathComponent)` is the transcript of a rehearsal")
            }
            let signers = transcript.officers.map(\.key)
            guard officers.allSatisfy(signers.contains) else {
                throw refusal(
                    "`\(file.lastPathComponent)` is not signed by every officer of `ceremony.officers`")
            }
            records.append(Record(name: file.lastPathComponent, transcript: transcript))
        }
        return records
    }

    private static func officers(
        _ settings: DaemonSettings.Ceremony
    ) throws(StartupError) -> [SubjectPublicKey] {
        var officers: [SubjectPublicKey] = []
        for path in settings.officerKeyPaths {
            guard let pem = FileManager.default.contents(atPath: path) else {
                throw refusal("`\(path)` cannot be read")
            }
            do throws(PublicKeyFault) { officers.append(try PEMKey.publicKey(pem: Array(pem))) } catch {
                throw refusal("`\(path)` \(error)")
            }
        }
        return officers
    }

    private static func refusal(_ reason: String) -> StartupError {
        StartupError(
            "the ceremony records cannot be used: \(reason)",
            hint: "check each with `signet-token ceremony verify`, and move away what does not hold",
            status: .configuration)
    }
}
