extension VisibleText {
    /// Columns as wide as their widest cell, two blanks between them; a row is a line.
    public static func table(_ header: [VisibleText], _ rows: [[VisibleText]]) -> VisibleText {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].width }.max() ?? 0 }
        return all.map { row in
            row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell.padded(to: widths[column])
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// A name and its value on each line.
    public static func fields(_ fields: [(VisibleText, VisibleText)], width: Int = 15) -> VisibleText {
        fields.map { $0.0.padded(to: width, gap: 1) + $0.1 }.joined(separator: "\n")
    }
}
