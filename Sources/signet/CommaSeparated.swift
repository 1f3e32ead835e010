/// Comma-separated values (RFC 4180).
enum CommaSeparated {
    /// The header and the rows, each on a line. Lines end in LF, as all output does; readers of RFC 4180 take
    /// that too.
    static func text(_ rows: [[String]], _ header: [String]) -> String {
        ([header] + rows).map { $0.map(field).joined(separator: ",") }.joined(separator: "\n")
    }

    /// Quoted when it has a comma, a quotation mark or a line break (section 2), and when a spreadsheet would
    /// take it for a formula.
    private static func field(_ text: String) -> String {
        let isFormula = text.utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
        let plain = isFormula ? "'" + text : text
        guard plain.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return plain }
        var quoted = ""
        for scalar in plain.unicodeScalars {
            if scalar == "\"" { quoted += "\"\"" } else { quoted.unicodeScalars.append(scalar) }
        }
        return "\"" + quoted + "\""
    }
}
