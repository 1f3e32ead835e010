internal import ArgumentParser
internal import Authorization
internal import Foundation
internal import PolicyReview

struct PolicyMatrix: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "matrix", abstract: "Show who may do what: principals, authorities, templates.",
        discussion: """
            Each cell comes of trying every request that the policies tell apart. `depends` names the condition keys that \
            decide. --html writes a page to look at.
            """)

    @OptionGroup var connection: Connection
    @OptionGroup(title: "What decides") var options: PolicyOptions
    @Option(help: "The action the matrix is of.") var action = "acm-pca:IssueCertificate"
    @Option(help: "The ARN of an authority; can be given several times. By default all that are known.")
    var authority: [String] = []
    @Option(help: "Write the matrix into this file, as a page to look at.") var html: String?

    func run() async throws {
        do {
            let installation = try await options.installation(connection)
            let action = try RequestText.action(action)
            let named = authority.isEmpty ? installation.authorityARNs : authority
            let authorities =
                installation.isComplete && named.count > 1
                ? named.filter { installation.authorities[$0] != nil } : named
            let matrix = MatrixMaker(installation).matrix(action, authorities: authorities)
            if let html {
                let page = MatrixPage(matrix: matrix, title: "\(action.rawValue) under \(options.config)")
                try Data(page.html.utf8).write(to: URL(fileURLWithPath: html))
                print("wrote \(html)")
            } else if connection.json {
                try connection.printJSON(matrix.rows.flatMap { MatrixCell.cells($0, matrix.templates) })
            } else {
                print(MatrixText(matrix: matrix).text)
            }
        } catch { throw Failure.exit(for: error) }
    }
}

/// A cell for machines.
private struct MatrixCell: Encodable {
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
private struct MatrixText {
    let matrix: AccessMatrix

    var text: String {
        let rows = matrix.rows.flatMap { row in
            groups(row).map { group in
                [
                    row.principal.resource, authority(row.authority), group.access.text, group.templates,
                    group.reasons.joined(separator: "; "),
                ]
            }
        }
        return Report.table(["PRINCIPAL", "AUTHORITY", matrix.action.rawValue, "TEMPLATES", "WHY"], rows)
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

    private func authority(_ arn: String) -> String {
        arn.range(of: "certificate-authority/").map { String(arn[$0.upperBound...]) } ?? arn
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
