// Text from any source, made safe to show on a terminal, in a log line or on a page.
//
// The escaping is not an encoding: it cannot be reversed, because backslashes are not escaped. Machine output
// is JSON, whose escapes are exact. Values only; safe to use from any thread.

/// Text that is safe to show: no octet from outside has an effect of its own.
///
/// A literal is the program's own text and is kept; every interpolated value is escaped:
///
///     Output.line("imported: \(arn)")
public struct EscapedText: Sendable, Hashable {
    /// The text, which may be written anywhere.
    public private(set) var text: String

    /// The maximum octets of a value without another limit. Longer values are cut, with a note.
    public static let usualLimit = 65_536
    /// The maximum number of marks over one scalar, so that they do not reach the lines above and below.
    static let mostMarks = 8

    /// Makes any text safe to show.
    /// - Parameters:
    ///   - escape: the form of scalars that are not shown
    ///   - layout: whether line feeds belong to the text
    ///   - limit: the maximum octets of `foreign` that are shown; by default ``usualLimit``, and no limit for
    ///     a document
    public init(
        _ foreign: some StringProtocol, escape: Escape = .codePoint, layout: TextLayout = .value,
        limit: Int? = nil
    ) {
        self.init(octets: foreign.utf8, escape: escape, layout: layout, limit: limit)
    }

    /// Makes any octets safe to show, as UTF-8; octets that are not UTF-8 are escaped one by one.
    public init(
        octets: some Collection<UInt8>, escape: Escape = .codePoint, layout: TextLayout = .value,
        limit: Int? = nil
    ) {
        let limit = limit ?? (layout == .value ? Self.usualLimit : .max)
        if octets.count <= limit, Self.isPlain(octets) {
            text = String(decoding: octets, as: UTF8.self)
            return
        }
        var writer = EscapedTextWriter(escape: escape, layout: layout)
        let cut = octets.count > limit ? octets.count - max(0, limit) : 0
        writer.write(octets.dropLast(cut))
        text = writer.text
        if cut > 0 { text += "… (\(cut) octets more)" }
    }

    /// Whether the value is ASCII that needs no escape, which is the common case.
    private static func isPlain(_ octets: some Collection<UInt8>) -> Bool {
        var isBlank = true
        for octet in octets {
            let isBlankToo = octet == 0x20
            guard (0x20...0x7E).contains(octet), !(isBlank && isBlankToo) else { return false }
            isBlank = isBlankToo
        }
        return !isBlank || octets.isEmpty
    }

    private init(own text: String) { self.text = text }

    public static func += (text: inout EscapedText, more: EscapedText) { text.text += more.text }
    public static func + (text: EscapedText, more: EscapedText) -> EscapedText {
        EscapedText(own: text.text + more.text)
    }

    public var isEmpty: Bool { text.isEmpty }
    /// The number of scalars with a width of their own, which is the width of the text in a terminal.
    public var width: Int { text.unicodeScalars.reduce(0) { $1.isMark ? $0 : $0 + 1 } }

    /// The text with blanks after it up to `width`, and at least one blank with `gap`.
    public func padded(to width: Int, gap: Int = 0) -> EscapedText {
        let missing = max(width - self.width, gap)
        return missing == 0 ? self : EscapedText(own: text + String(repeating: " ", count: missing))
    }
}

extension EscapedText: ExpressibleByStringInterpolation, CustomStringConvertible {
    public init(stringLiteral own: String) { text = own }
    public init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    public var description: String { text }

    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 16 * interpolationCount)
        }

        public mutating func appendLiteral(_ own: String) { text += own }
        /// Text that is already safe is not escaped again.
        public mutating func appendInterpolation(_ safe: EscapedText) { text += safe.text }
        public mutating func appendInterpolation(_ foreign: some CustomStringConvertible) {
            text += EscapedText(foreign.description).text
        }
        public mutating func appendInterpolation(error: any Error) {
            text += EscapedText(String(describing: error)).text
        }
    }
}

extension Sequence<EscapedText> {
    public func joined(separator: EscapedText = "") -> EscapedText {
        var joined: EscapedText = ""
        var isFirst = true
        for text in self {
            if !isFirst { joined += separator }
            isFirst = false
            joined += text
        }
        return joined
    }
}
