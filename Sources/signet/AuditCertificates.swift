internal import ArgumentParser
internal import Audit
internal import Foundation
internal import JSON
internal import VisibleText

struct AuditCertificates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificates", abstract: "Show every certificate a principal obtained on a day.",
        discussion: """
            A day is one of UTC. EVENT is the index of the outcome, IssueCertificateDetails, which `prove` proves. `access` \
            shows what the principal could have obtained.

            signet audit certificates --principal role/issuer --on 2026-11-25
            """)

    @OptionGroup var connection: Connection
    @OptionGroup var source: EventSourceOption
    @Option(help: "An ARN, or its end, such as `role/issuer`.") var principal: String
    @Option(help: "The day, such as `2026-11-25`.") var on: String

    func run() async throws {
        try await connection.run { client in
            let day = try Day(on)
            var query = EventQuery()
            query.eventName = "IssueCertificateDetails"
            query.principal = principal
            (query.start, query.end) = (day.start, day.end)
            var certificates: [ObtainedCertificate] = []
            try await source.source(client).forEach(query) { index, body in
                certificates.append(ObtainedCertificate(index, try JSONValue(parsing: body)))
                return true
            }
            if connection.json { return try connection.printJSON(certificates) }
            if certificates.isEmpty {
                return Output.line("\(principal) obtained no certificate on \(day.text)")
            }
            Output.line(
                EscapedText.table(
                    ["TIME", "SERIAL NUMBER", "SUBJECT", "TEMPLATE", "AUTHORITY", "EVENT"],
                    certificates.map(\.row)))
        }
    }
}

/// A certificate, from the event with its outcome.
private struct ObtainedCertificate: Encodable {
    let issuedAt: String
    let serialNumber: String
    let subject: String
    let templateArn: String
    let certificateAuthorityArn: String
    let certificateArn: String
    let requesterArn: String
    let index: UInt64

    init(_ index: UInt64, _ event: JSONValue) {
        let details = event["serviceEventDetails"]
        func text(_ member: String) -> String { details?[member]?.stringValue ?? "" }
        self.index = index
        issuedAt = event["eventTime"]?.stringValue ?? ""
        serialNumber = text("serialNumber").lowercased().filter(\.isHexDigit)
        subject = text("subject")
        templateArn = text("templateArn")
        certificateAuthorityArn = text("certificateAuthorityArn")
        certificateArn = text("certificateArn")
        requesterArn = text("requesterArn")
    }

    var row: [String] {
        [
            issuedAt, serialNumber, subject.isEmpty ? "-" : subject,
            TemplateText.short(templateArn), AuthorityText.short(certificateAuthorityArn), "\(index)",
        ]
    }
}

private enum TemplateText {
    /// The part after `template/`.
    static func short(_ arn: String) -> String {
        arn.range(of: "template/").map { String(arn[$0.upperBound...]) } ?? arn
    }
}

enum AuthorityText {
    /// The identifier of an authority.
    static func short(_ arn: String) -> String {
        arn.range(of: "certificate-authority/").map { String(arn[$0.upperBound...]) } ?? arn
    }
}
