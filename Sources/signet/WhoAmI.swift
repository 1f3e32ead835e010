internal import APIClient
internal import ArgumentParser
internal import VisibleText
internal import WireAPI

struct WhoAmI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show this process's principal, and what it may ask for.",
        discussion: """
            Needs no permission. `depends` names the condition keys of a request that decide; signet:ApprovalCount stands \
            for officers' approvals. Actions that every request is denied for are left out.
            """)

    @OptionGroup var connection: Connection

    func run() async throws {
        try await connection.run { client in
            let output = try await DescribeCallerOperation.all(client)
            if connection.json { return try connection.printJSON(output) }
            Output.line(CallerReport(output: output).text)
        }
    }
}

extension DescribeCallerOperation {
    /// The answer with all its pages.
    static func all(_ client: SignetClient) async throws(APIClientError) -> Output {
        var output = try await client.call(Self.self, .init())
        while let token = output.nextToken {
            let page = try await client.call(Self.self, .init(nextToken: token))
            output.certificateAuthorities += page.certificateAuthorities
            output.nextToken = page.nextToken
        }
        return output
    }
}

/// The answer for people.
private struct CallerReport {
    let output: DescribeCallerOperation.Output

    var text: EscapedText {
        var parts: [EscapedText] = [facts]
        if !output.actions.isEmpty {
            parts.append(
                .table(["ACTION", "ACCESS"], output.actions.map { [$0.action, $0.text] }))
        }
        for authority in output.certificateAuthorities {
            let name = authority.subject.map { ", \(SubjectText.text($0))" as EscapedText } ?? ""
            let status = authority.status.map { ", \($0)" as EscapedText } ?? ""
            let rows = authority.actions.map { [$0.action, $0.text, $0.templates] }
            parts.append(
                "\(authority.certificateAuthorityArn)\(name)\(status)\n\(EscapedText.table(["ACTION", "ACCESS", "TEMPLATES"], rows))"
            )
        }
        if output.certificateAuthorities.isEmpty {
            parts.append("There is no authority that this principal may use.")
        }
        return parts.joined(separator: "\n\n")
    }

    private var facts: EscapedText {
        let (caller, process) = (output.caller, output.caller.process)
        let groups = process.groups.map { "\($0)" }.joined(separator: ", ")
        return .fields(
            [
                ("Principal", "\(caller.principalArn)"), ("Account", "\(caller.account)"),
                ("User", "\("\(process.uid)")"),
                ("Groups", "\("\(process.gid)")\(groups.isEmpty ? "" : ", \(groups)")"),
                ("Unit", "\(process.unit ?? "-")"), ("Program", "\(process.executable ?? "-")"),
                ("Policies", "\(caller.policyDigest)"),
            ], width: 11)
    }
}

extension AllowedActionShape {
    fileprivate var text: String {
        conditionKeys.map { "depends on \($0.joined(separator: ", "))" } ?? "yes"
    }

    fileprivate var templates: String {
        guard let templateArns else { return "-" }
        let names = templateArns.prefix(3).map { TemplateName.short($0) }.joined(separator: ", ")
        return templateArns.count <= 3 ? names : "\(templateArns.count): \(names), …"
    }
}
