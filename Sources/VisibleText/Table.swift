extension EscapedText {
    /// Columns as wide as their widest cell, separated by two blanks, with one line for each row.
    public static func table(_ header: [EscapedText], _ rows: [[EscapedText]]) -> EscapedText {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].width }.max() ?? 0 }
        return all.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell.padded(to: widths[column])
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// A name and its value on each line.
    public static func fields(_ fields: [(EscapedText, EscapedText)], width: Int = 15) -> EscapedText {
        fields.map { $0.0.padded(to: width, gap: 1) + $0.1 }.joined(separator: "\n")
    }
}

extension EscapedText {
    /// A table whose cells are escaped.
    public static func table(_ header: [EscapedText], _ rows: [[String]]) -> EscapedText {
        table(header, rows.map { row in row.map { EscapedText($0) } })
    }

    /// A document from outside within a report. All of its lines but the first begin with `margin`, so that
    /// none looks like a line of the report.
    public init(quoting document: some StringProtocol, margin: EscapedText, limit: Int? = nil) {
        let whole = EscapedText(document, layout: .document, limit: limit)
        self.init(
            stringLiteral: whole.text.split(separator: "\n", omittingEmptySubsequences: false)
                .joined(separator: "\n" + margin.text))
    }
}
