internal import VisibleText

/// The format of an audit report: the API's `AuditReportResponseFormat`.
public enum AuditReportFormat: String, Sendable, Hashable, CaseIterable {
    /// An array with an object for each certificate. A missing value has no member.
    case json = "JSON"
    /// RFC 4180 with a header, but lines end with LF. A missing value is an empty field. A field is one line,
    /// because control characters in names are pairs of hexadecimal digits. No field begins with `=`, `+`,
    /// `-` or `@`, which spreadsheets take for formulas: subjects begin with an attribute type, and the other
    /// fields are ARNs, times and hexadecimal.
    case csv = "CSV"

    /// The extension of an object's key.
    public var fileExtension: String { rawValue.lowercased() }

    /// The text before the first entry.
    public var beginning: String {
        switch self {
        case .json: "["
        case .csv: AuditReportEntry.names.joined(separator: ",") + "\n"
        }
    }

    /// An entry as one line, with its separators.
    /// - Parameter isFirst: whether it is the first entry of the report
    public func text(_ entry: AuditReportEntry, isFirst: Bool) -> String {
        switch self {
        case .json: (isFirst ? "\n" : ",\n") + Self.object(entry)
        case .csv: Self.row(entry)
        }
    }

    /// The text after the last entry.
    public var end: String {
        switch self {
        case .json: "\n]\n"
        case .csv: ""
        }
    }

    private static func object(_ entry: AuditReportEntry) -> String {
        let members = zip(AuditReportEntry.names, entry.values).compactMap { name, value in
            value.map { "\"\(name)\":\(quotedForJSON($0))" }
        }
        return "{" + members.joined(separator: ",") + "}"
    }

    /// RFC 8259, section 7.
    private static func quotedForJSON(_ text: String) -> String {
        // The fast path for nearly all texts.
        if text.utf8.allSatisfy({
            (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }) {
            return "\"" + text + "\""
        }
        var quoted = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return "\"" + EscapedText(json: quoted).text + "\""
    }

    private static func row(_ entry: AuditReportEntry) -> String {
        let fields = zip(AuditReportEntry.names, entry.values).map { name, value in
            // AWS always quotes subjects. No other field can need quotes.
            value.map { quotedForCSV($0, isAlways: name == "subject") } ?? ""
        }
        return fields.joined(separator: ",") + "\n"
    }

    /// RFC 4180, section 2: quotes around a field, and each quote within it twice. Works on octets, because a
    /// combining mark after a quote would form another Character with it.
    private static func quotedForCSV(_ field: String, isAlways: Bool) -> String {
        let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
        guard isAlways || field.utf8.contains(where: { $0 == quote || $0 == comma || $0 < 0x20 }) else {
            return field
        }
        var octets = [quote]
        for octet in field.utf8 {
            if octet == quote { octets.append(quote) }
            octets.append(octet)
        }
        return String(decoding: octets + [quote], as: UTF8.self)
    }
}
