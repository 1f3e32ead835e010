internal import CeremonyTranscript
internal import Foundation
internal import PKIX
internal import Settings
internal import StrictYAML
internal import TrustedPaths
internal import VisibleText

/// Reads the keys that were made in ceremonies from the operator's transcripts.
enum CeremonyRecords {
    /// Every key from a ceremony with a valid transcript and all required signatures. An invalid transcript
    /// ends the start, because its key cannot be determined.
    static func keys(_ settings: DaemonSettings.Ceremony) throws(StartupError) -> Set<SubjectPublicKey> {
        var officers: [SubjectPublicKey] = []
        for path in settings.officerKeyPaths {
            guard let pem = FileManager.default.contents(atPath: path) else {
                throw refusal("`\(path)` cannot be read")
            }
            do throws(PublicKeyFault) { officers.append(try PEMKey.publicKey(pem: Array(pem))) } catch {
                throw refusal("`\(path)` \(error)")
            }
        }
        let directory = URL(fileURLWithPath: settings.recordsDirectory)
        let files = try? FileManager.default.contentsOfDirectory(
            at: directory, includingPropertiesForKeys: nil)
        guard let files else { throw refusal("the directory `\(directory.path)` cannot be read") }
        var keys: Set<SubjectPublicKey> = []
        for file in files where file.pathExtension == "jsonl" {
            if let fault = FileTrust.fault(ofFile: file.path) {
                throw refusal("`\(file.lastPathComponent)` \(fault)")
            }
            guard let data = FileManager.default.contents(atPath: file.path) else {
                throw refusal("`\(file.lastPathComponent)` cannot be read")
            }
            let record: CeremonyRecord
            do throws(TranscriptError) { record = try CeremonyRecord(verifying: data) } catch {
                throw refusal("`\(file.lastPathComponent)` does not hold: \(error)")
            }
            guard !record.isDryRun else {
                throw refusal("`\(file.lastPathComponent)` is the transcript of a rehearsal")
            }
            let signers = record.officers.map(\.key)
            guard officers.allSatisfy(signers.contains) else {
                throw refusal(
                    "`\(file.lastPathComponent)` is not signed by every officer of `ceremony.officers`")
            }
            if record.isKeyGenerated { keys.insert(record.key) }
        }
        return keys
    }

    private static func refusal(_ reason: String) -> StartupError {
        StartupError(
            "the ceremony records cannot be used: \(reason)",
            hint: "check each with `signet-token ceremony verify`, and move away what does not hold",
            status: .configuration)
    }
}
