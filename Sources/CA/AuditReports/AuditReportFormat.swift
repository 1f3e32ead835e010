/// How an audit report is written: the API's `AuditReportResponseFormat`.
public enum AuditReportFormat: String, Sendable, Hashable, CaseIterable {
    /// An array with an object for each certificate. What there is not has no member.
    case json = "JSON"
    /// RFC 4180 with a header, but lines end with LF. What there is not is an empty field.
    case csv = "CSV"

    /// What an object's key ends with.
    public var fileExtension: String { rawValue.lowercased() }

    /// What stands before the first entry.
    public var beginning: String {
        switch self {
        case .json: "["
        case .csv: AuditReportEntry.names.joined(separator: ",") + "\n"
        }
    }

    /// An entry with what goes before and after it; an entry is a line.
    /// - Parameter isFirst: whether it is the report's first
    public func text(_ entry: AuditReportEntry, isFirst: Bool) -> String {
        switch self {
        case .json: (isFirst ? "\n" : ",\n") + Self.object(entry)
        case .csv: Self.row(entry)
        }
    }

    /// What stands after the last entry.
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
        // Nearly all of them.
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            return "\"" + text + "\""
        }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\0"..." ":
                if scalar == " " {
                    quoted += " "
                } else {
                    let digits = String(scalar.value, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func row(_ entry: AuditReportEntry) -> String {
        let fields = zip(AuditReportEntry.names, entry.values).map { name, value in
            guard let value else { return "" }
            // AWS puts subjects in quotes, and they alone can hold what needs them.
            return name == "subject" ? "\"\(value.replacing("\"", with: "\"\""))\"" : value
        }
        return fields.joined(separator: ",") + "\n"
    }
}
