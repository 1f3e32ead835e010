internal import Authorization
internal import Foundation
internal import PolicyAnalysis
internal import VisibleText

extension Installation {
    /// The authorities a matrix has: those that were named, or all that are known.
    func authorities(named: [String]) -> [String] {
        let named = named.isEmpty ? authorityARNs : named
        return isComplete && named.count > 1 ? named.filter { authorities[$0] != nil } : named
    }
}

/// A cell for machines.
struct MatrixCell: Encodable {
    let principal: String
    let authority: String
    let template: String?
    let access: String
    let approvals: Int?
    let dependsOn: [String]?
    let reasons: [String]

    static func cells(_ row: AccessMatrix.Row, _ templates: [Installation.Template]) -> [MatrixCell] {
        zip(templates, row.cells).map { template, cell in
            MatrixCell(
                principal: row.principal.description, authority: row.authority,
                template: template.arn.isEmpty ? nil : template.arn, access: cell.access.name,
                approvals: cell.access.approvals, dependsOn: cell.access.keys, reasons: cell.reasons)
        }
    }
}

/// The matrix on a terminal: a line for each principal, authority and set of templates with one answer.
struct MatrixText {
    let matrix: AccessMatrix

    var text: EscapedText {
        let rows = matrix.rows.flatMap { row in
            groups(row).map { group in
                [
                    row.principal.resource, AuthorityText.short(row.authority), group.access.text,
                    group.templates,
                    group.reasons.joined(separator: "; "),
                ]
            }
        }
        return EscapedText.table(
            ["PRINCIPAL", "AUTHORITY", "\(matrix.action.rawValue)", "TEMPLATES", "WHY"], rows)
    }

    private struct Group {
        let access: AccessMatrix.Access
        let templates: String
        let reasons: [String]
    }

    private func groups(_ row: AccessMatrix.Row) -> [Group] {
        var order: [AccessMatrix.Cell] = []
        var names: [AccessMatrix.Cell: [String]] = [:]
        for (template, cell) in zip(matrix.templates, row.cells) {
            if names[cell] == nil { order.append(cell) }
            names[cell, default: []].append(template.name)
        }
        return order.map { cell in
            let list = names[cell] ?? []
            let text =
                list == [""]
                ? "-"
                : list.count == matrix.templates.count
                    ? "all \(list.count)"
                    : list.count <= 3
                        ? list.joined(separator: ", ")
                        : "\(list.count): \(list.prefix(2).joined(separator: ", ")), …"
            return Group(access: cell.access, templates: text, reasons: cell.reasons)
        }
    }

}

extension AccessMatrix.Access {
    fileprivate var name: String {
        switch self {
        case .allowed: "allowed"
        case .denied: "denied"
        case .approvals: "approvals"
        case .depends: "depends"
        case .undecided: "undecided"
        }
    }

    fileprivate var approvals: Int? { if case .approvals(let count) = self { count } else { nil } }
    fileprivate var keys: [String]? { if case .depends(let keys) = self { keys } else { nil } }

    fileprivate var text: String {
        switch self {
        case .allowed: "yes"
        case .denied: "no"
        case .approvals(let count): "with \(count) approvals"
        case .depends(let keys): "depends on \(keys.joined(separator: ", "))"
        case .undecided(let reason): "undecided: \(reason)"
        }
    }
}
