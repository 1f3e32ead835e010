internal import ArgumentParser
internal import Authorization
internal import Foundation
internal import PolicyAnalysis
internal import VisibleText

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
            let matrix = MatrixMaker(installation).matrix(
                action, authorities: installation.authorities(named: authority))
            if let html {
                let page = MatrixPage(matrix: matrix, title: "\(action.rawValue) under \(options.config)")
                try Data(page.html.utf8).write(to: URL(fileURLWithPath: html))
                Output.line("wrote \(html)")
            } else if connection.json {
                try connection.printJSON(matrix.rows.flatMap { MatrixCell.cells($0, matrix.templates) })
            } else {
                Output.line(MatrixText(matrix: matrix).text)
            }
        } catch { throw Failure.exit(for: error) }
    }
}
