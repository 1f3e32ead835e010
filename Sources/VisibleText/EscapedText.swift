// Text from any source, made safe to show on a terminal, in a log line or on a page.
//
// Not an encoding: what is shown cannot be read back, for a backslash stands for itself. Machine output has
// JSON, where escapes are exact. Values only; safe to use from any thread.

/// Text in which no octet that another party chose has an effect of its own.
///
/// A literal is the program's own and stays as it is; every interpolated value is escaped:
///
///     Output.line("imported: \(arn)")
public struct EscapedText: Sendable, Hashable {
    /// As it may be written anywhere.
    public private(set) var text: String

    /// The most octets of a value, without another limit. Longer ones are cut, and say so.
    public static let usualLimit = 65_536
    /// How many marks may be drawn over one scalar, so that none reaches the lines above and below.
    static let mostMarks = 8

    /// Makes any text safe to show.
    /// - Parameters:
    ///   - escape: how a scalar that is not shown is written
    ///   - layout: whether line feeds are the text's own
    ///   - limit: the most octets of `foreign` that are shown; by default ``usualLimit``, and all of a
    ///     document
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

    /// Whether a value is ASCII that stays as it is, as nearly all are.
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
    /// How many scalars have a place of their own: the width, where each is as wide as a digit.
    public var width: Int { text.unicodeScalars.reduce(0) { $1.isMark ? $0 : $0 + 1 } }

    /// With blanks behind it until it is as wide as `width`, and at least one with `gap`.
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
        /// Text that is safe already is not escaped again.
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
