internal import Foundation
internal import JSON
public import Logging
internal import OctetText
internal import VisibleText

/// Writes each record of the log as one line to standard error. Text from a worker, a client or a file has no
/// effect of its own in it.
public struct LineLogHandler: LogHandler {
    private let label: String
    private let format: LogFormat
    public var logLevel: Logger.Level = .info
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?

    public init(label: String, format: LogFormat) {
        self.label = label
        self.format = format
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let values = (metadataProvider?.get() ?? [:]).merging(metadata) { $1 }
            .merging(event.metadata ?? [:]) { $1 }
        let record = LogRecord(
            time: Date(), level: event.level, label: label, message: event.message.description,
            values: values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.description) })
        Output.note(record.line(format))
    }
}

/// The form of a line in the log of a program that goes on.
public enum LogFormat: String, Sendable, CaseIterable {
    /// For people: time, level, message, and values in quotation marks.
    case text
    /// For systemd-journald: the level as a priority (sd-daemon(3)), and no time, which the journal has.
    case journal
    /// One JSON object.
    case json

    /// What the receiver of standard error takes: `JOURNAL_STREAM` names its device and inode when it is the
    /// journal (systemd.exec(5)).
    public static var ofStandardError: LogFormat {
        let stream = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] ?? ""
        guard Output.errorDeviceAndInode == stream else { return .text }
        return .journal
    }
}

/// One record of the log.
struct LogRecord {
    let time: Date
    let level: Logger.Level
    let label: String
    let message: String
    let values: [(key: String, value: String)]

    /// The most octets of the message, and of each value.
    private static let mostOctets = 4096

    func line(_ format: LogFormat) -> EscapedText {
        switch format {
        case .text:
            "\(time.formatted(.iso8601)) \(level.rawValue) \(label): \(EscapedText(message, limit: Self.mostOctets))\(pairs)"
        case .journal: "<\(priority)>\(EscapedText(message, limit: Self.mostOctets))\(pairs)"
        case .json: EscapedText(json: json)
        }
    }

    /// ` key="value"` for each value. A quotation mark in a value is `\u{22}`, so that the next one ends it.
    private var pairs: EscapedText {
        values.reduce("") { text, pair in
            // By scalars: a mark that is drawn over a quotation mark does not hide it from a reader of
            // octets.
            var quoted = ""
            for scalar in pair.value.unicodeScalars {
                if scalar == "\"" { quoted += "\\u{22}" } else { quoted.unicodeScalars.append(scalar) }
            }
            return text + " \(pair.key)=\"" + EscapedText(quoted, limit: Self.mostOctets) + "\""
        }
    }

    private var json: String {
        // The last member of a name counts.
        let members: [(String, JSONValue)] =
            values.map { ($0.key, .string($0.value.prefix(octets: Self.mostOctets))) } + [
                ("time", .string(time.formatted(.iso8601))), ("level", .string(level.rawValue)),
                ("message", .string(message.prefix(octets: Self.mostOctets))),
            ]
        return String(decoding: JSONValue.object(JSONObject(members)).encoded(), as: UTF8.self)
    }

    /// syslog(3).
    private var priority: Int {
        switch level {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
