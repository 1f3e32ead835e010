import Foundation
import TestSupport

/// Sends requests to a real daemon and records the answers without the values that differ between runs.
final class RecordedWire {
    let daemon: Daemon
    /// The values that later requests refer to as `$name`.
    private(set) var values: [String: String] = [:]
    private(set) var text = ""

    init(_ daemon: Daemon, values: [String: String]) {
        self.daemon = daemon
        self.values = values
    }

    /// Lets later requests refer to this value as `$name`.
    func name(_ name: String, _ value: String) { values[name] = value }

    /// Sends one request and records it with its answer.
    /// - Parameters:
    ///   - target: without the service prefix, which is AWS's if the operation has none
    ///   - save: members of the answer, with the names under which later requests refer to them
    func ask(_ target: String, _ body: String = "{}", save: [String: String] = [:]) throws {
        let operation = target.utf8.contains(UInt8(ascii: ".")) ? target : "ACMPrivateCA.\(target)"
        let answer = try send(operation, body)
        text += "> \(operation) \(body)\n\(answer.status)\(answer.error.map { " \($0)" } ?? "")\n"
        text += Self.shown(answer.body) + "\n\n"
        let object = try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]
        for (member, name) in save {
            guard let value = object?[member] as? String else {
                throw CommandFailure(
                    description: "no \(member) in the answer to \(operation): \(answer.body)")
            }
            values[name] = value
        }
    }

    /// Repeats one request while the answer says that it is in progress.
    func askUntilDone(_ target: String, _ body: String, save: [String: String] = [:]) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while try send("ACMPrivateCA.\(target)", body).body.contains("RequestInProgressException"),
            ContinuousClock.now < limit
        { try await Task.sleep(for: .milliseconds(20)) }
        try ask(target, body, save: save)
    }

    private func send(_ operation: String, _ body: String) throws -> (
        status: String, error: String?, body: String
    ) {
        var filled = body
        // Longer names first, so that `$rootCSR` is not read as `$root`.
        for (name, value) in values.sorted(by: { $0.key.utf8.count > $1.key.utf8.count }) {
            filled = filled.replacingOccurrences(of: "$\(name)", with: value)
        }
        let answer = try WireTests.exchange(daemon.socketPath, WireTests.post(operation, filled), seconds: 60)
        let parts = answer.components(separatedBy: "\r\n\r\n")
        let head = parts[0].components(separatedBy: "\r\n")
        let error = head.first { $0.lowercased().hasPrefix("x-amzn-errortype:") }
        return (head[0], error, parts.dropFirst().joined(separator: "\r\n\r\n"))
    }

    // MARK: Values that differ between runs

    /// Sorts members by name and replaces each value that differs between runs by its kind.
    static func shown(_ body: String) -> String {
        guard let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)),
            let data = try? JSONSerialization.data(
                withJSONObject: stable(object),
                options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
        else { return "no JSON: \(body)" }
        return String(decoding: data, as: UTF8.self)
    }

    private static func stable(_ value: Any) -> Any {
        switch value {
        case let object as [String: Any]:
            Dictionary(
                uniqueKeysWithValues: object.map {
                    ($0.key, growing.contains($0.key) ? "<number>" : stable($0.value))
                })
        // The ARNs of templates.
        case let list as [Any] where list.count > 8: [stable(list[0]), "and \(list.count - 1) more"]
        case let list as [Any]: list.map { stable($0) }
        case let text as String: stable(text)
        // Seconds since 1970.
        case let number as NSNumber where number.doubleValue > 1_000_000_000: "<time>"
        default: value
        }
    }

    /// Members that depend on the number of events.
    private static let growing: Set<String> = ["Index", "LogSize", "Proof"]

    private static let kinds: [(pattern: String, kind: String)] = [
        ("-----BEGIN CERTIFICATE-----[\\s\\S]*-----END CERTIFICATE-----\\n?", "<certificates>"),
        ("-----BEGIN CERTIFICATE REQUEST-----[\\s\\S]*-----END CERTIFICATE REQUEST-----\\n?", "<request>"),
        ("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uuid>"),
        ("\\b([0-9a-f]{2}:){15}[0-9a-f]{2}\\b", "<serial>"), ("\\b[0-9a-f]{64}\\b", "<digest>"),
        ("\\b[0-9a-f]{40}\\b", "<identifier>"),
        ("\\b[0-9a-f]{32}\\b", "<serial>"), ("\\b[0-9a-f]{16}\\b", "<short serial>"),
        ("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "<time>"),
        ("signet\\.example[^\\n]*\\n[0-9]+\\n[A-Za-z0-9+/=]{44}\\n[\\s\\S]*", "<checkpoint>"),
        ("[A-Za-z0-9+/]{40,}={0,2}", "<base64>"), ("/tmp/st-[0-9a-z]+", "<directory>"),
    ]

    private static func stable(_ text: String) -> String {
        kinds.reduce(text) {
            $0.replacingOccurrences(of: $1.pattern, with: $1.kind, options: .regularExpression)
        }
    }

    // MARK: Events

    /// The members of each kind of event and their types, independent of the order of the events.
    static func members(of events: [[String: Any]]) -> String {
        var kinds: [String: Set<String>] = [:]
        for event in events {
            let name = event["eventName"] as? String ?? ""
            let kind = [name, event["errorCode"] as? String].compactMap { $0 }.joined(separator: " ")
            kinds[kind, default: []].formUnion(paths(event, ""))
        }
        return kinds.sorted { $0.key < $1.key }.map { kind, paths in
            "\(kind)\n" + Set(paths.map { stable($0) }).sorted().map { "    \($0)\n" }.joined()
        }.joined(separator: "\n")
    }

    /// Facts about the calling process. Which of them exist depends on how the tests are started.
    private static let dependent = [
        "peer.cgroup", "peer.groups", "peer.unit", "peer.executable", "signet:peer",
    ]

    private static func paths(_ value: Any, _ path: String) -> [String] {
        guard !dependent.contains(where: { path.contains($0) }) else { return [] }
        return switch value {
        case let object as [String: Any]:
            object.isEmpty
                ? ["\(path) object"]
                : object.flatMap { paths($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
        case let list as [Any]:
            list.isEmpty ? ["\(path) list"] : list.flatMap { paths($0, "\(path)[]") }
        case is String: ["\(path) string"]
        case let number as NSNumber where String(cString: number.objCType) == "c": ["\(path) boolean"]
        case is NSNumber: ["\(path) number"]
        default: ["\(path) null"]
        }
    }
}
