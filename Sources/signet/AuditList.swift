internal import APIClient
internal import ArgumentParser
internal import Audit
internal import Foundation
internal import VisibleText
internal import WireAPI

struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show events, the oldest first.",
        discussion: """
            With --json each event is printed as it is in the log, one a line. With --since the search begins where the log \
            has that time; --from says where for itself.

            signet audit list --principal role/issuer --outcome denied --since 2026-11-25 --limit 20
            """)

    @OptionGroup var connection: Connection
    @OptionGroup(title: "Which events") var filter: EventFilter
    @OptionGroup var source: EventSourceOption

    @Option(help: "Begin with this index; 0 is the oldest event.") var from: UInt64?
    @Option(help: "At most so many events, the oldest ones.") var limit: Int?
    @Option(help: "At most so many events, the newest ones.") var newest: Int?

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit is 1 or more.") }
        guard (1...100_000).contains(newest ?? 1) else {
            throw ValidationError("--newest is from 1 to 100000.")
        }
        guard newest == nil || (limit == nil && from == nil) else {
            throw ValidationError("--newest begins at the end of the log; leave out --limit and --from.")
        }
    }

    func run() async throws {
        try await connection.run { client in
            let printer = EventPrinter(json: connection.json)
            if let newest {
                for (index, body) in try await source.source(client).newest(
                    newest, try await filter.query(client, isExport: source.export != nil))
                {
                    printer.show(index, body)
                }
                return
            }
            try await source.source(client).forEach(
                try await filter.query(client, isExport: source.export != nil), from: from,
                limit: limit ?? .max
            ) {
                index, body in
                printer.show(index, body)
                return true
            }
        }
    }
}

struct AuditFollow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow", abstract: "Show events as they come, until it is stopped.",
        discussion: """
            signet audit follow --outcome denied
            """)

    @OptionGroup var connection: Connection
    @OptionGroup(title: "Which events") var filter: EventFilter
    @Option(help: "Begin with this index; without it, with what comes now.") var from: UInt64?
    @Option(help: "Stop after so many events.") var limit: Int?

    func validate() throws {
        guard limit ?? 1 > 0 else { throw ValidationError("--limit is 1 or more.") }
    }

    func run() async throws {
        try await connection.run { client in
            let printer = EventPrinter(json: connection.json)
            let query = try await filter.query(client)
            var left = limit ?? .max
            // New events come after the last event.
            var next = try await from.orElse {
                try await client.call(ListAuditEventsOperation.self, .init(maxResults: 1)).logSize
            }
            while true {
                let page = try await client.call(
                    ListAuditEventsOperation.self, .init(query, from: next, maxResults: 1000))
                // The command's own calls are events too, and listing them would never end.
                for event in page.events where !EventPrinter.isListing(event.body.bytes) {
                    printer.show(event.index, event.body.bytes)
                    left -= 1
                    if left == 0 { return }
                }
                next = page.nextFrom
                if !page.isTruncated { try await Task.sleep(for: .seconds(1)) }
            }
        }
    }
}

extension Optional {
    fileprivate func orElse(_ value: () async throws -> Wrapped) async rethrows -> Wrapped {
        if let self { self } else { try await value() }
    }
}

struct AuditShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one event whole.")

    @OptionGroup var connection: Connection
    @Argument(
        help:
            "An index, an eventID, the requestID of an answer, or the ARN or serial number of a certificate.")
    var event: String

    func run() async throws {
        try await connection.run { client in
            let text = try await EventName.event(event, client)
            if connection.json { return Output.json(text) }
            let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
            let pretty = try JSONSerialization.data(
                withJSONObject: value, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
            Output.json(String(decoding: pretty, as: UTF8.self))
        }
    }
}

/// Prints events as they come.
private struct EventPrinter {
    let json: Bool

    static func isListing(_ event: [UInt8]) -> Bool {
        let members = try? JSONSerialization.jsonObject(with: Data(event)) as? [String: Any]
        return members?["eventName"] as? String == ListAuditEventsOperation.name
    }

    func show(_ index: UInt64, _ event: [UInt8]) {
        if json {
            Output.json(String(decoding: event, as: UTF8.self))
        } else if let members = try? JSONSerialization.jsonObject(with: Data(event)) as? [String: Any] {
            Output.line(line(index, members))
        }
    }

    private func line(_ index: UInt64, _ event: [String: Any]) -> EscapedText {
        let identity = event["userIdentity"] as? [String: Any]
        let name = event["eventName"] as? String ?? "?"
        let arn = (identity?["arn"] as? String)?.split(separator: ":").last.map(String.init)
        let who = arn ?? (identity?["invokedBy"] as? String ?? "nobody")
        let outcome = event["errorCode"] as? String ?? ""
        let columns = [
            ("\(index)", 8), (event["eventTime"] as? String ?? "", 22), (name, 38), (who, 26), (outcome, 0),
        ]
        return columns.map { EscapedText($0.0).padded(to: $0.1, gap: $0.1 > 0 ? 1 : 0) }.joined()
    }
}
