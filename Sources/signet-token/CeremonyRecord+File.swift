internal import Ceremony
internal import CeremonyTranscript
internal import Foundation
internal import JSON
internal import PKIX
internal import TokenProtocol

extension CeremonyRecord {
    /// Reads and verifies a transcript that is not of a rehearsal.
    static func read(_ path: String) throws -> CeremonyRecord {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw WorkerFailure(.configuration, "the transcript `\(path)` cannot be read")
        }
        let record = try CeremonyRecord(verifying: data)
        guard !record.isDryRun else {
            throw WorkerFailure(.evidence, "this is the transcript of a rehearsal, and its key is gone")
        }
        return record
    }

    /// Requires that the transcript is of this ceremony file and of the files that it names.
    func require(_ file: CeremonyFile) throws {
        guard ceremonyFileDigest == file.digest else {
            throw WorkerFailure(
                .evidence, "the transcript is of another ceremony file, sha256 \(ceremonyFileDigest)")
        }
        guard entries.first?.details["inputs"] == .object(file.inputs) else {
            throw WorkerFailure(
                .evidence,
                "the files that the ceremony file names are not those that the ceremony used; line 1 has their SHA-256"
            )
        }
    }

    /// The officers with a public key in the file who have not signed with it.
    func missingOfficers(of file: CeremonyFile) -> [CeremonyFile.Officer] {
        file.officers.filter { officer in
            guard let expected = officer.publicKey else { return false }
            return !officers.contains { $0.name == officer.name && $0.key == expected }
        }
    }
}

extension CeremonyFile {
    /// The officer of this name, who must have a public key.
    func signer(_ name: String) throws -> (name: String, key: SubjectPublicKey) {
        guard let officer = officers.first(where: { $0.name == name }) else {
            throw WorkerFailure(.configuration, "the ceremony has no officer of the name `\(name)`")
        }
        guard let key = officer.publicKey else {
            throw WorkerFailure(
                .configuration,
                "`\(name)` has no `public-key` in the ceremony file, so nothing could verify a signature")
        }
        return (officer.name, key)
    }
}
