internal import Crypto
internal import Foundation
internal import Identifiers
internal import PKIX
internal import VisibleText
internal import WireAPI

/// A request for approval in words, decoded from the exact bytes that are approved.
///
/// The decisive facts come before and after the requester's text, so that an officer sees them even if that
/// text is long.
enum ApprovalReport {
    /// The approved content, after its digest is checked.
    static func content(of approval: ApprovalShape) throws -> [UInt8] {
        guard let content = approval.content?.bytes,
            hexadecimal(SHA256.hash(data: content)) == approval.digest
        else {
            throw CommandFailure(
                message: "what the daemon shows does not have the digest it names",
                hint: "do not approve it; tell the operator of the daemon")
        }
        return content
    }

    static func text(_ approval: ApprovalShape, content: [UInt8]) throws -> EscapedText {
        var lines: [EscapedText] = [.fields(head(approval))]
        lines += approval.approvals.map { "  \(Report.date($0.approvedAt))  \($0.principal) (uid \($0.uid))" }
        if let outcome = approval.outcome { lines.append(.fields([("Outcome", "\(outcome)")])) }
        var facts: [(EscapedText, EscapedText)] = [("Digest", "\(approval.digest)")]
        if approval.certificateArn != nil {
            let report = try CertificateReport(unsigned: content, at: Date())
            let template = approval.templateArn.map(TemplateName.short) ?? "(the daemon does not say)"
            facts = [("Template", "\(template)")] + report.facts + facts
            lines += [.fields(facts), "", "The names and extensions that are signed", report.names]
        } else {
            lines += [.fields(facts), "", "The operation and its input, as JSON", json(content)]
        }
        return (lines + ["", "Once more", .fields(facts)]).joined(separator: "\n")
    }

    private static func head(_ approval: ApprovalShape) -> [(EscapedText, EscapedText)] {
        [
            ("Request", "\(approval.id) (\(approval.status))"), ("Operation", "\(approval.operation)"),
            ("Requester", "\(approval.requester)"), ("Authority", "\(approval.resource)"),
            ("Asked", "\(Report.date(approval.createdAt))"),
            ("Expires", "\(Report.date(approval.expiresAt))"),
            ("Approved", "\(approval.approvals.count) of \(approval.needed)"),
        ]
    }

    /// The exact octets except for equivalent escapes. Repeated blanks are escaped too, because they could
    /// fill a line of the terminal and fake the next.
    private static func json(_ content: [UInt8]) -> EscapedText {
        guard let text = String(validating: content, as: UTF8.self) else {
            return "  | \(EscapedText(octets: content, limit: .max))"
        }
        var spaced = ""
        var wasBlank = false
        for scalar in EscapedText(json: text).text.unicodeScalars {
            if wasBlank, scalar == " " { spaced += "\\u0020" } else { spaced.unicodeScalars.append(scalar) }
            wasBlank = scalar == " "
        }
        return "  | " + EscapedText(quoting: spaced, margin: "  | ")
    }

    static func result(_ approval: ApprovalShape) -> EscapedText {
        switch approval.status {
        case "COMPLETED":
            "approved, and carried out\(approval.certificateArn.map { ": \($0)" } ?? "")"
        case "FAILED": "approved, and could not be carried out: \(approval.outcome ?? "")"
        case "PENDING": "approved: \(approval.approvals.count) of \(approval.needed)"
        default: "\(approval.status.lowercased()): \(approval.outcome ?? "")"
        }
    }
}
