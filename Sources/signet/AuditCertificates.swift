internal import APIClient
internal import ArgumentParser
internal import Audit
internal import Foundation
internal import JSON
internal import VisibleText

struct AuditCertificates: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificates", abstract: "Show which certificates were issued, for whom, and when.",
        discussion: """
            A day is one of UTC. EVENT is the index of the outcome, IssueCertificateDetails, which `prove` proves. `access` \
            shows what a principal could have obtained.

            signet audit certificates --since 7d
            signet audit certificates --principal role/issuer --on 2026-11-25
            """)

    @OptionGroup var connection: Connection
    @OptionGroup var source: EventSourceOption
    @Option(help: "Those of this principal: an ARN, or its end, such as `role/issuer`.") var principal:
        String?
    @Option(help: "Those of this authority: its ARN, its id, its commonName, or `tag:KEY=VALUE`.") var ca:
        String?
    @Option(help: "Those of this day, such as `2026-11-25`.") var on: String?
    @OptionGroup var period: PeriodOptions
    @Flag(help: "Print comma-separated values (RFC 4180), with the ARN of each certificate.") var csv = false

    func validate() throws {
        guard on != nil || !period.isEmpty else {
            throw ValidationError("Give --on with a day, or --since.")
        }
        guard on == nil || period.isEmpty else {
            throw ValidationError("--on is a day; give --since and --until for another time.")
        }
        guard !(csv && connection.json) else { throw ValidationError("Give one of --csv and --json.") }
    }

    func run() async throws {
        try await connection.run { client in
            let query = try await query(client)
            var certificates: [ObtainedCertificate] = []
            try await source.source(client).forEach(query) { index, body in
                certificates.append(ObtainedCertificate(index, try JSONValue(parsing: body)))
                return true
            }
            if connection.json { return try connection.printJSON(certificates) }
            if csv {
                return Output.document(
                    CommaSeparated.text(certificates.map(\.fields), ObtainedCertificate.header))
            }
            if certificates.isEmpty {
                let requester: EscapedText = principal.map { " to \($0)" } ?? ""
                return Output.line("no certificate was issued \(time)\(requester)")
            }
            Output.line(
                EscapedText.table(
                    ["TIME", "SERIAL NUMBER", "SUBJECT", "REQUESTER", "TEMPLATE", "AUTHORITY", "EVENT"],
                    certificates.map(\.row)))
        }
    }

    private var time: String {
        if let on { return "on \(on)" }
        return [period.since.map { "since \($0)" }, period.until.map { "until \($0)" }].compactMap { $0 }
            .joined(
                separator: " ")
    }

    private func query(_ client: SignetClient) async throws -> EventQuery {
        var query = EventQuery()
        query.eventName = "IssueCertificateDetails"
        query.principal = principal
        if let ca {
            query.certificateAuthority = try await AuthorityName.arn(
                ca, client, isExport: source.export != nil)
        }
        if let on {
            let day = try Day(on)
            (query.start, query.end) = (day.start, day.end)
        } else {
            try period.apply(to: &query)
        }
        return query
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

    static let header = [
        "issuedAt", "serialNumber", "subject", "requesterArn", "templateArn", "certificateArn", "index",
    ]

    var fields: [String] {
        [issuedAt, serialNumber, subject, requesterArn, templateArn, certificateArn, "\(index)"]
    }

    /// The part of the requester's ARN after the last colon.
    private var requester: String {
        let start = requesterArn.utf8.lastIndex(of: UInt8(ascii: ":")).map {
            requesterArn.utf8.index(after: $0)
        }
        let name = requesterArn.utf8[(start ?? requesterArn.utf8.startIndex)...]
        return name.isEmpty ? "-" : String(decoding: name, as: UTF8.self)
    }

    var row: [String] {
        [
            issuedAt, serialNumber, subject.isEmpty ? "-" : subject,
            requester, TemplateText.short(templateArn),
            AuthorityText.short(certificateAuthorityArn), "\(index)",
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
