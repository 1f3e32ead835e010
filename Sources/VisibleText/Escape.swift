/// The form in which a scalar that is not shown is written.
public enum Escape: Sendable, Hashable {
    /// `\u{1B}`, and `\xFF` for an octet that is not UTF-8.
    case codePoint
    /// RFC 4514, section 2.4: a pair of hexadecimal digits for each octet of the UTF-8 form, such as `\1B`
    /// and `\C2\9B`. For distinguished names.
    case hexPairs

    /// Appends the escape of a scalar, whether it is shown or not.
    public func append(_ scalar: Unicode.Scalar, to text: inout String) {
        switch self {
        case .codePoint:
            text += "\\u{"
            text += String(scalar.value, radix: 16, uppercase: true)
            text += "}"
        case .hexPairs: UTF8.encode(scalar).map { $0.forEach { append($0, to: &text) } }
        }
    }

    func append(_ octet: UInt8, to text: inout String) {
        text += self == .codePoint ? "\\x" : "\\"
        if octet < 0x10 { text += "0" }
        text += String(octet, radix: 16, uppercase: true)
    }
}

/// The rules for line breaks and blanks in a shown text.
public enum TextLayout: Sendable, Hashable {
    /// The text is a value within a line. Line feeds are escaped, and so are leading, trailing and
    /// consecutive blanks. So a value cannot begin a line, and cannot hide text behind padding.
    case value
    /// The text is a document with its own lines, such as JSON or PEM. Line feeds and blanks are kept. The
    /// caller ensures that no line of the document looks like one of the program's.
    case document
}
