internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import WireAPI

/// Which events are wanted.
struct EventFilter: ParsableArguments {
    @Option(help: "Events of this principal: an ARN, or its end, such as `role/issuer`.") var principal:
        String?
    @Option(help: "Events about this authority: its ARN, or its end.") var ca: String?
    @Option(help: "Events with this name, such as `IssueCertificate`.") var action: String?
    @Option(help: "`allowed`, `denied` or `failed`.") var decision: Decision?
    @Option(help: "Events about the certificate with this serial number, in hexadecimal.") var serial: String?
    @Option(help: "Events of this time and later, such as `2026-11-25T10:00:00Z`.") var since: String?
    @Option(help: "Events before this time.") var until: String?

    enum Decision: String, ExpressibleByArgument { case allowed, denied, failed }

    func matches(_ event: [String: Any], _ text: String) -> Bool {
        let identity = event["userIdentity"] as? [String: Any]
        let code = event["errorCode"] as? String
        if let principal, (identity?["arn"] as? String)?.hasSuffix(principal) != true { return false }
        if let action, event["eventName"] as? String != action { return false }
        // Authorities and certificates stand at many places of an event.
        if let ca, !text.contains(ca) { return false }
        if let serial {
            let digits = serial.lowercased().filter(\.isHexDigit)
            let pairs = stride(from: 0, to: digits.count, by: 2).map {
                String(digits.dropFirst($0).prefix(2))
            }
            guard text.contains(digits) || text.contains(pairs.joined(separator: ":").uppercased()) else {
                return false
            }
        }
        let time = event["eventTime"] as? String ?? ""
        if let since, time < since { return false }
        if let until, time >= until { return false }
        switch decision {
        case .allowed: return event["eventType"] as? String == "AwsApiCall" && code == nil
        case .denied: return code == "AccessDeniedException"
        case .failed: return code != nil && code != "AccessDeniedException"
        case nil: return true
        }
    }
}

struct AuditList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show events, the oldest first.",
        discussion: "With --json each event is printed as it is in the log, one a line.")

    @OptionGroup var connection: Connection
    @OptionGroup(title: "Which events") var filter: EventFilter

    @Option(help: "Begin with this index; 0 is the oldest event.") var from: UInt64 = 0
    @Option(help: "At most so many events.") var limit: Int = .max

    func run() async throws {
        try await connection.run { client in
            var printer = EventPrinter(json: connection.json, filter: filter, limit: limit)
            var next = from
            while !printer.isDone {
                let page = try await client.call(
                    ListAuditEventsOperation.self, .init(from: next, maxResults: 1000))
                try printer.print(page.events)
                guard let last = page.events.last, page.events.count == 1000 else { break }
                next = last.index + 1
            }
        }
    }
}

struct AuditFollow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow", abstract: "Show events as they come, until it is stopped.")

    @OptionGroup var connection: Connection
    @OptionGroup(title: "Which events") var filter: EventFilter
    @Option(help: "Begin with this index; without it, with what comes now.") var from: UInt64?

    func run() async throws {
        try await connection.run { client in
            var printer = EventPrinter(json: connection.json, filter: filter, limit: .max)
            var next = from ?? .max
            if from == nil {
                // What comes now stands behind the last event.
                let answer = try await client.call(GetCheckpointOperation.self, .init())
                next = UInt64(answer.checkpoint?.split(separator: "\n").dropFirst().first ?? "0") ?? 0
            }
            while true {
                let page = try await client.call(
                    ListAuditEventsOperation.self, .init(from: next, maxResults: 1000))
                // Its own questions are events too, and would never end.
                try printer.print(page.events.filter { !EventPrinter.isListing($0) })
                if let last = page.events.last { next = last.index + 1 }
                if page.events.count < 1000 { try await Task.sleep(for: .seconds(1)) }
            }
        }
    }
}

struct AuditShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one event whole.")

    @OptionGroup var connection: Connection
    @Argument(help: "An eventID, or the requestID of an answer.") var id: String

    func run() async throws {
        try await connection.run { client in
            let output = try await client.call(GetAuditEventOperation.self, .init(id: id))
            if connection.json { return print(output.event) }
            let value = try JSONSerialization.jsonObject(with: Data(output.event.utf8))
            let pretty = try JSONSerialization.data(
                withJSONObject: value, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
            print(String(decoding: pretty, as: UTF8.self))
        }
    }
}

/// Prints events that a filter lets through.
private struct EventPrinter {
    let json: Bool
    let filter: EventFilter
    let limit: Int
    private var printed = 0

    init(json: Bool, filter: EventFilter, limit: Int) {
        (self.json, self.filter, self.limit) = (json, filter, limit)
    }

    var isDone: Bool { printed >= limit }

    static func isListing(_ event: ListAuditEventsOperation.Event) -> Bool {
        let members = try? JSONSerialization.jsonObject(with: Data(event.body.bytes)) as? [String: Any]
        return members?["eventName"] as? String == ListAuditEventsOperation.name
    }

    mutating func print(_ events: [ListAuditEventsOperation.Event]) throws {
        for event in events where !isDone {
            let text = String(decoding: event.body.bytes, as: UTF8.self)
            guard
                let members = try? JSONSerialization.jsonObject(with: Data(event.body.bytes))
                    as? [String: Any],
                filter.matches(members, text)
            else { continue }
            printed += 1
            if json { Swift.print(text) } else { Swift.print(line(event.index, members)) }
        }
        fflush(nil)
    }

    private func line(_ index: UInt64, _ event: [String: Any]) -> String {
        let identity = event["userIdentity"] as? [String: Any]
        let name = event["eventName"] as? String ?? "?"
        let arn = (identity?["arn"] as? String)?.split(separator: ":").last.map(String.init)
        let who = arn ?? (identity?["invokedBy"] as? String ?? "nobody")
        let outcome = event["errorCode"] as? String ?? ""
        return [
            "\(index)".padded(to: 8), (event["eventTime"] as? String ?? "").padded(to: 22),
            name.padded(to: 38), who.padded(to: 26), outcome,
        ].joined()
    }
}
