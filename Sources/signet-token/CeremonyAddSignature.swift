internal import ArgumentParser
internal import Ceremony
internal import CeremonyTranscript
internal import DurableFiles
internal import Foundation
internal import TokenProtocol
internal import TrustedPaths
internal import VisibleText

struct CeremonyAddSignature: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-signature",
        abstract: "Add the signature that an officer made on another machine to a transcript.",
        discussion: """
            The signature must be one of the officer's public key in the ceremony file, over the exact octets of the \
            statement: as OpenSSL writes it, or of `ssh-keygen -Y sign -n signet-ceremony`. The file is replaced in one step, \
            and only if all of it verifies.
            """)

    @Argument(help: "The transcript (JSON lines).") var transcript: String

    @Option(help: "The ceremony file that the transcript is of.") var ceremony: String

    @Option(help: "The officer's name, as the ceremony file has it.") var officer: String

    @Option(help: "The file with the signature.") var signature: String

    func run() async throws {
        try await reporting {
            let file = try CeremonyFile.load(path: ceremony, at: nil)
            let (name, key) = try file.signer(officer)
            let signed = try octets()
            let place: TrustedPlace
            do throws(TrustedPlace.Failure) { place = try TrustedPlace(transcript) } catch {
                throw WorkerFailure(.configuration, error.description)
            }
            let lock: DirectoryLock
            do throws(DirectoryLock.Failure) {
                lock = try await DirectoryLock(directory: place.directory, patience: .seconds(10))
            } catch { throw WorkerFailure(.configuration, error.description) }
            // Read under the lock, so that no other signature is lost.
            let record = try CeremonyRecord.read(place.path)
            try record.require(file)
            let added = try record.adding(DetachedSignature(officer: name, key: key, file: signed))
            do throws(FileNames.Failure) {
                try ReplacementFile(added, at: place, mode: 0o644).commit()
            } catch { throw WorkerFailure(.configuration, error.description) }
            ReplacementFile.removePrevious(place)
            _ = consume lock
            let now = try CeremonyRecord.read(place.path)
            Output.line("\(name) signed; line \(now.entries.count) has the signature")
            for missing in now.missingOfficers(of: file) { Output.line("\(missing.name) has not signed yet") }
            Output.line("The SHA-256 of the transcript is now \(now.digest).")
        }
    }

    private func octets() throws -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: signature),
            let data = try? handle.read(upToCount: SSHSignature.mostOctets + 1), !data.isEmpty
        else {
            throw WorkerFailure(.configuration, "the signature `\(signature)` is empty, or cannot be read")
        }
        guard data.count <= SSHSignature.mostOctets else {
            throw WorkerFailure(
                .configuration, "the signature `\(signature)` has more than \(SSHSignature.mostOctets) octets"
            )
        }
        return Array(data)
    }
}
