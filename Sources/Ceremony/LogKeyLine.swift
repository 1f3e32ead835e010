internal import CeremonyTranscript
internal import JSON
internal import PKIX
internal import StrictYAML
internal import TransparencyLog

/// The result of a ceremony for the key of a log: the line with its verifier key (C2SP signed-note).
struct LogKeyLine {
    /// With a line feed.
    let text: String
    /// Its details in the transcript.
    let details: JSONObject

    init(_ publicKey: SubjectPublicKey, origin: String) throws {
        guard let verifier = NoteVerifier(name: origin, algorithm: .ecdsa, key: publicKey.derBytes) else {
            throw CeremonyError.encoding("the key cannot sign the checkpoints of a log")
        }
        text = "\(verifier)\n"
        details = [
            "what": "verifier key", "origin": .string(origin), "verifierKey": .string("\(verifier)"),
        ]
    }
}

extension CeremonyRun {
    /// Writes the verifier key of a log. The token signs nothing for it.
    func verifierKey(_ publicKey: SubjectPublicKey, _ origin: String) throws -> [UInt8] {
        let line = try LogKeyLine(publicKey, origin: origin)
        try writer.record(.prepared, line.details)
        try write(line.text, digestOf: Array(line.text.utf8))
        return Array(line.text.utf8)
    }
}

extension CeremonyFileReader {
    func logKey(_ entry: StrictMapping) -> CeremonyFile.Action? {
        guard let origin = entry.text("origin") else { return nil }
        guard Checkpoint.isOrigin(origin) else {
            entry.fault(
                "`\(entry.name("origin"))` must be the name of the log in `log.origin` of the daemon, such as `ca.example.com/log`",
                at: "origin")
            return nil
        }
        return .logKey(origin: origin)
    }
}
