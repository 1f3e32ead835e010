internal import APIClient
internal import ArgumentParser
internal import VisibleText
internal import WireAPI

struct TemplateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template", abstract: "What certificates are made by.",
        subcommands: [TemplateList.self, TemplateShow.self])
}

struct TemplateList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the daemon's templates: AWS's, then Signet's and the operator's."
    )

    @OptionGroup var connection: Connection

    func run() async throws {
        try await connection.run { client in
            let answer = try await client.call(ListTemplatesOperation.self, .init())
            if connection.json { return try connection.printJSON(answer) }
            let rows = answer.templates.map { template in
                [
                    TemplateName.short(template.arn), template.role,
                    template.passthrough.isEmpty ? "-" : template.passthrough.joined(separator: "+"),
                    template.summary("keyUsage"), template.summary("extKeyUsage"),
                ]
            }
            Output.line(
                EscapedText.table(["NAME", "FOR", "PASSTHROUGH", "KEY USAGE", "EXTENDED KEY USAGE"], rows))
        }
    }
}

struct TemplateShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print what a template puts into a certificate.")

    @OptionGroup var connection: Connection
    @Argument(help: "A template's name or ARN.") var name: String

    func run() async throws {
        try await connection.run { client in
            let answer = try await client.call(ListTemplatesOperation.self, .init())
            guard
                let template = answer.templates.first(where: {
                    $0.arn == name || TemplateName.short($0.arn) == name
                })
            else {
                throw CommandFailure(
                    message: "there is no template `\(name)`",
                    hint: "`signet template list` shows those there are", status: .notFound)
            }
            if connection.json { return try connection.printJSON(template) }
            Output.line(template.report)
        }
    }
}

extension TemplateShape {
    fileprivate func summary(_ name: String) -> String {
        extensions.first { $0.name == name }?.value ?? "-"
    }

    fileprivate var report: EscapedText {
        let lines: [(EscapedText, EscapedText)] = [
            ("ARN", "\(arn)"), ("For", "\(role)"), ("Subject and names", "from \(subjectFrom)"),
            (
                "Other extensions",
                passthrough.isEmpty ? "none" : "from \(passthrough.joined(separator: ", or else "))"
            ),
        ]
        let body = extensions.map { entry -> EscapedText in
            "  \(Report.extensionName(entry.name, entry.critical))\(entry.value)"
        }
        let tail: [EscapedText] = rules.isEmpty ? [] : ["Rules"] + rules.map { "  \($0)" }
        return ([.fields(lines, width: 19), "Extensions"] + body + tail).joined(separator: "\n")
    }
}
