internal import Crypto
internal import Foundation
internal import Identifiers
internal import JSON
internal import TransparencyLog
internal import VisibleText

/// An event whose proof was verified, in words.
struct ProvenEvent {
    private let event: JSONValue
    private let index: UInt64
    private let checkpoint: Checkpoint

    init(_ event: [UInt8], _ proof: LogProof) throws {
        self.event = try JSONValue(parsing: event)
        index = proof.index
        checkpoint = try Checkpoint(text: proof.checkpoint.text)
    }

    private func text(_ member: String) -> String? { event[member]?.stringValue }
    private func detail(_ member: String) -> String? {
        event["serviceEventDetails"]?[member]?.stringValue
    }

    var text: EscapedText {
        var fields: [(EscapedText, EscapedText)] = [
            (
                "Proved",
                "event \(index) is in the log `\(checkpoint.origin)`, by its checkpoint of \(checkpoint.size) events"
            ),
            ("Event", "\(text("eventName") ?? "?")"), ("Time", "\(text("eventTime") ?? "?")"),
        ]
        if text("eventName") == "IssueCertificateDetails" {
            fields += [
                ("Certificate", "\(detail("serialNumber") ?? "?")"),
                ("Subject", "\(detail("subject") ?? "-")"),
                ("Requester", "\(detail("requesterArn") ?? "-")"),
                ("Authority", "\(detail("certificateAuthorityArn") ?? "-")"),
                ("Template", "\(detail("templateArn") ?? "-")"),
                ("SHA-256", "\(detail("certificateSha256") ?? "-")"),
            ]
        } else {
            let identity = event["userIdentity"]
            fields.append(
                (
                    "Principal",
                    "\(identity?["arn"]?.stringValue ?? identity?["invokedBy"]?.stringValue ?? "-")"
                ))
            if let code = text("errorCode") { fields.append(("Outcome", "\(code)")) }
        }
        return .fields(fields, width: 12)
    }

    /// Why the event is not of this certificate; nil when it is.
    func difference(from der: [UInt8]) -> EscapedText? {
        guard text("eventName") == "IssueCertificateDetails" else {
            return "the event is `\(text("eventName") ?? "?")`"
        }
        guard let recorded = detail("certificateSha256") else { return "it names no certificate" }
        let actual = hexadecimal(Array(SHA256.hash(data: der)))
        guard recorded.lowercased().filter({ $0 != ":" }) == actual else {
            return "the event has the SHA-256 \(recorded), and the file has \(actual)"
        }
        return nil
    }
}
