internal import ArgumentParser
internal import Ceremony
internal import CeremonyTranscript
internal import Foundation
internal import JSON
internal import VisibleText

struct CeremonyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ceremony",
        abstract: "Make or use a key before witnesses, by a reviewed file, with a transcript that proves it.",
        discussion:
            "Docs/Ceremony.md tells the whole story; HSMConfig/ceremonies/ has a commented file of each kind.",
        subcommands: [
            CeremonyPlan.self, CeremonyPerform.self, CeremonyVerify.self, CeremonyStatement.self,
            CeremonyAddSignature.self,
        ])
}

/// The result of a step in one line for people.
enum CeremonyText {
    static func line(_ entry: TranscriptEntry) -> EscapedText {
        EscapedText("\(entry.index + 1)").padded(to: 4)
            + EscapedText(entry.step.rawValue).padded(to: 17, gap: 1) + summary(entry)
    }

    /// The result: a certificate or request by subject and validity, a CRL by its contents, a verifier key by
    /// its log.
    static func artefact(_ details: JSONObject) -> EscapedText {
        func text(_ name: String) -> String { details[name]?.stringValue ?? "" }
        if details["origin"] != nil { return "\(text("what")) of the log \(text("origin"))" }
        guard case .integer(let number)? = details["crlNumber"] else {
            let time: EscapedText =
                text("notBefore").isEmpty ? "" : "  \(text("notBefore")) to \(text("notAfter"))"
            return "\(text("what")): \(text("subject"))\(time)"
        }
        var line: EscapedText =
            "\(text("what")) number \(number): \(text("issuer"))  \(text("thisUpdate")) to \(text("nextUpdate"))"
        guard case .array(let revoked)? = details["revoked"], !revoked.isEmpty else {
            return line + "  nothing is revoked"
        }
        line = line + "  revoked (\(revoked.count)):"
        return revoked.reduce(line) { $0 + lineOfList + EscapedText($1.stringValue ?? "") }
    }

    private static let lineOfList: EscapedText = "\n    "

    private static func summary(_ entry: TranscriptEntry) -> EscapedText {
        func text(_ name: String) -> String { entry.details[name]?.stringValue ?? "" }
        switch entry.step {
        case .ceremony:
            var files = "file \(text("ceremonyFileSHA256"))"
            if case .object(let inputs)? = entry.details["inputs"] {
                for name in inputs.names { files += ", \(name) \(inputs[name]?.stringValue ?? "")" }
            }
            return "\(text("title")): \(text("action")), \(files)"
        case .token: return "\(text("label"))  serial \(text("serialNumber"))  \(text("model"))"
        case .confirmed: return "\(text("name")) (\(text("role")))"
        case .keyFound, .keyGenerated:
            return "\(text("identifier"))  \(text("algorithm"))  \(text("keyLabel"))"
        case .keyEvidence:
            var attempts = 0
            if case .array(let probes)? = entry.details["probes"] { attempts = probes.count }
            return "\(text("verdict")); \(attempts) attempts to misuse the key are on the transcript"
        case .prepared: return artefact(entry.details)
        case .signatureIntent, .signed: return "sha256 \(text("sha256"))"
        case .written: return "\(text("file"))"
        case .concluded: return "everything is done"
        case .failed: return "\(text("reason"))"
        case .signature: return "\(text("signer"))"
        }
    }
}
