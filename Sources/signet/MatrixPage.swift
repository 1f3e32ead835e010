internal import Authorization
internal import PolicyAnalysis
internal import VisibleText

/// A policy matrix as a page to look at: one file, which loads nothing.
struct MatrixPage {
    let matrix: AccessMatrix
    let title: String

    /// Templates for which every row has the same answer share a column.
    private struct Column {
        let place: Int
        let names: [String]
    }

    private var columns: [Column] {
        var order: [[AccessMatrix.Cell]] = []
        var places: [[AccessMatrix.Cell]: (first: Int, names: [String])] = [:]
        for (place, template) in matrix.templates.enumerated() {
            let answers = matrix.rows.map { $0.cells[place] }
            if places[answers] == nil { order.append(answers) }
            places[answers, default: (place, [])].names.append(template.name)
        }
        return order.compactMap { places[$0] }.map { Column(place: $0.first, names: $0.names) }
    }

    var html: String {
        let columns = columns
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(escape(title))</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <h1>\(escape(title))</h1>
            \(legend)
            <div class="frame">
            <table>
            <caption>\(matrix.rows.count) rows, \(matrix.templates.count) templates in \(columns.count) columns; \
            hold the pointer over a cell to see why</caption>
            \(head(columns))
            <tbody>
            \(matrix.rows.enumerated().map { row($1, columns, isFirst: isFirst($0)) }.joined(separator: "\n"))
            </tbody>
            </table>
            </div>
            </body>
            </html>

            """
    }

    private var legend: String {
        let entries = [
            ("yes", "yes", "allowed, whatever else the request says"),
            ("no", "no", "denied, whatever it says"),
            ("wait", "2 \u{2713}", "with so many approvals"),
            ("depends", "if", "the condition keys named decide"),
            ("unknown", "?", "could not be tried in full"),
        ]
        let items = entries.map { #"<li><span class="\#($0.0)">\#($0.1)</span> \#($0.2)</li>"# }
        return #"<ul class="legend">\#(items.joined())</ul>"#
    }

    private func head(_ columns: [Column]) -> String {
        let cells = columns.map { column in
            let text =
                column.names.count == 1
                ? (column.names[0].isEmpty ? matrix.action.rawValue : column.names[0])
                : "\(column.names[0]) and \(column.names.count - 1) more"
            return
                #"<th scope="col" title="\#(escape(column.names.joined(separator: "\n")))">\#(escape(text))</th>"#
        }
        return """
            <thead><tr><th scope="col">Principal</th><th scope="col">Authority</th>\(cells.joined())</tr></thead>
            """
    }

    private func isFirst(_ place: Int) -> Bool {
        place == 0 || matrix.rows[place].principal != matrix.rows[place - 1].principal
    }

    private func row(_ row: AccessMatrix.Row, _ columns: [Column], isFirst: Bool) -> String {
        let authority = row.authority.split(separator: "/").last.map(String.init) ?? row.authority
        let cells = columns.map { cell(row.cells[$0.place]) }.joined()
        return """
            <tr\(isFirst ? " class=\"first\"" : "")>\
            <th scope="row" title="\(escape(row.principal.description))">\(escape(row.principal.resource))</th>\
            <td class="authority" title="\(escape(row.authority))">\(escape(authority))</td>\(cells)</tr>
            """
    }

    private func cell(_ cell: AccessMatrix.Cell) -> String {
        let (kind, text, why): (String, String, String) =
            switch cell.access {
            case .allowed: ("yes", "yes", "")
            case .denied: ("no", "no", "")
            case .approvals(let count): ("wait", "\(count) \u{2713}", "with \(count) approvals\n")
            case .depends(let keys):
                (
                    "depends", "if " + keys.joined(separator: ", "),
                    "depends on \(keys.joined(separator: ", "))\n"
                )
            case .undecided(let reason): ("unknown", "?", reason)
            }
        let title = why + cell.reasons.joined(separator: "\n")
        return #"<td class="\#(kind)" title="\#(escape(title))">\#(escape(text))</td>"#
    }

    /// Safe to show, and safe within HTML. Only the page's own line feeds stay.
    private func escape(_ text: String) -> String {
        var escaped = ""
        for character in EscapedText(text, layout: .document).text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\n": escaped += "&#10;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    private static let style = """
        :root { color-scheme: light dark; --line: #c9ced6; --back: #fff; --text: #1b1f24; --head: #f1f3f6;
          --yes: #d3f0dc; --no: #f3f4f6; --wait: #d9e6fb; --depends: #fdf0c8; --unknown: #f6d5d5; --soft: #57606a; }
        @media (prefers-color-scheme: dark) { :root { --line: #3a414b; --back: #14171b; --text: #e6e9ee; --head: #1f242b;
          --yes: #1d4a2d; --no: #1b1f24; --wait: #1f3a63; --depends: #574715; --unknown: #5c2626; --soft: #9aa4b0; } }
        body { margin: 2rem; background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
        h1 { font-size: 1.3rem; font-weight: 600; }
        .legend { display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; padding: 0; list-style: none; color: var(--soft); }
        .legend span { display: inline-block; min-width: 2rem; padding: 0 .45rem; border-radius: .25rem;
          color: var(--text); text-align: center; }
        .frame { max-height: 82vh; overflow: auto; border: 1px solid var(--line); border-radius: .4rem; }
        table { border-collapse: separate; border-spacing: 0; min-width: 100%; }
        caption { caption-side: bottom; padding: .6rem; color: var(--soft); text-align: left; }
        th, td { padding: .45rem .7rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
        thead th { position: sticky; top: 0; z-index: 2; background: var(--head); font-weight: 600; max-width: 16rem; }
        tbody th { position: sticky; left: 0; z-index: 1; background: var(--back); font-weight: 600; white-space: nowrap; }
        thead th:first-child { left: 0; z-index: 3; }
        tr.first > * { border-top: 2px solid var(--line); }
        .authority { font-family: ui-monospace, monospace; font-size: .85em; color: var(--soft); white-space: nowrap; }
        td.yes, td.no, td.wait { white-space: nowrap; }
        .yes { background: var(--yes); } .no { background: var(--no); color: var(--soft); }
        .wait { background: var(--wait); } .depends { background: var(--depends); } .unknown { background: var(--unknown); }
        td[title]:hover { outline: 2px solid var(--soft); outline-offset: -2px; }
        """
}
