internal import Logging
internal import VisibleText

/// Escapes every message and all metadata, so that a record is one line even if it has text from a worker, a
/// client or a file.
struct VisibleLogHandler<Handler: LogHandler>: LogHandler {
    private var handler: Handler

    init(_ handler: Handler) { self.handler = handler }

    var logLevel: Logger.Level {
        get { handler.logLevel }
        set { handler.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { handler.metadata }
        set { handler.metadata = newValue.mapValues(Self.visible) }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { handler.metadataProvider }
        set { handler.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { handler[metadataKey: key] }
        set { handler[metadataKey: key] = newValue.map(Self.visible) }
    }

    func log(event: LogEvent) {
        var event = event
        event.message = "\(Self.visible(event.message.description))"
        event.metadata = event.metadata.map { metadata in
            Logger.Metadata(
                uniqueKeysWithValues: metadata.map { (Self.visible($0.key), Self.visible($0.value)) })
        }
        handler.log(event: event)
    }

    /// The maximum octets of a message and of each value of its metadata.
    private static var limit: Int { 4096 }

    private static func visible(_ text: String) -> String { EscapedText(text, limit: limit).text }

    private static func visible(_ value: Logger.Metadata.Value) -> Logger.Metadata.Value {
        switch value {
        case .string(let text): .string(visible(text))
        case .stringConvertible(let value): .string(visible(value.description))
        case .array(let values): .array(values.map(visible))
        case .dictionary(let values):
            .dictionary(
                Dictionary(values.map { (visible($0.key), visible($0.value)) }) { first, _ in first })
        }
    }
}
