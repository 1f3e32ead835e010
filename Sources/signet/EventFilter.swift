internal import APIClient
internal import ArgumentParser
internal import Audit
internal import Foundation
internal import VisibleText
internal import WireAPI

/// The options that select events.
struct EventFilter: ParsableArguments {
    @Option(help: "Events of this principal: an ARN, or its end, such as `role/issuer`.") var principal:
        String?
    @Option(help: "Events about this authority: its ARN, its id, its commonName, or `tag:KEY=VALUE`.") var ca:
        String?
    @Option(help: "Events with this name, such as `IssueCertificate`.") var action: String?
    @Option(help: "What became of a request: `succeeded`, `denied` by policies, or `failed`.") var outcome:
        Outcome?
    @Option(help: "Events about the certificate with this serial number, in hexadecimal.") var serial: String?
    @OptionGroup var period: PeriodOptions

    enum Outcome: String, ExpressibleByArgument, CaseIterable { case succeeded, denied, failed }

    /// - Throws: ``CommandFailure`` for a time that is none, or a name that no authority has
    func query(_ client: SignetClient, isExport: Bool = false) async throws -> EventQuery {
        var query = EventQuery()
        query.eventName = action
        query.principal = principal
        if let ca {
            query.certificateAuthority = try await AuthorityName.arn(ca, client, isExport: isExport)
        }
        query.outcome = outcome.flatMap { EventQuery.Outcome(rawValue: $0.rawValue.uppercased()) }
        query.serialNumber = serial
        try period.apply(to: &query)
        return query
    }
}

extension ListAuditEventsOperation.Input {
    init(_ query: EventQuery, from: UInt64?, maxResults: Int) {
        self.init(from: from, maxResults: maxResults)
        eventName = query.eventName
        principal = query.principal
        certificateAuthorityArn = query.certificateAuthority
        outcome = query.outcome?.rawValue
        serialNumber = query.serialNumber
        keyIdentifier = query.keyIdentifier
        (startTime, endTime) = (query.start, query.end)
    }
}

/// A day in UTC.
struct Day {
    let text: String
    let start: Date
    var end: Date { start.addingTimeInterval(86_400) }

    /// - Throws: ``CommandFailure`` for a day that is none
    init(_ text: String) throws(CommandFailure) {
        // The parsed day must equal the text, so that the 31st of February is refused.
        guard text.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil,
            let start = try? Date(text + "T00:00:00Z", strategy: .iso8601),
            start.formatted(.iso8601).hasPrefix(text)
        else {
            throw CommandFailure(
                message: "`\(text)` is not a day", hint: "write it as `2026-11-25`", status: .usage)
        }
        (self.text, self.start) = (text, start)
    }
}
