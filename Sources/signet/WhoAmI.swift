internal import APIClient
internal import ArgumentParser
internal import Authorization
internal import VisibleText
internal import WireAPI

struct WhoAmI: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show this process's principal, and what it may ask for.",
        discussion: """
            Needs no permission. `depends` names the condition keys of a request that decide; signet:ApprovalCount stands \
            for officers' approvals. An action is left out when every request for it is denied.
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
                "about no authority\n\(Self.lines(output.actions, all: Action.allCases.filter { $0.scope != .authority }))"
            )
        }
        parts += output.certificateAuthorities.map { authority in
            let name = authority.subject.map { ", \(SubjectText.text($0))" as EscapedText } ?? ""
            let status = authority.status.map { ", \($0)" as EscapedText } ?? ""
            let lines = Self.lines(authority.actions, all: Action.allCases.filter { $0.scope != .daemon })
            return "\(authority.certificateAuthorityArn)\(name)\(status)\n\(lines)"
        }
        if output.certificateAuthorities.isEmpty {
            parts.append("This principal may use no authority.")
        }
        return parts.joined(separator: "\n\n")
    }

    private var facts: EscapedText {
        let (caller, process) = (output.caller, output.caller.process)
        let groups = ([process.gid] + process.groups).map { "\($0)" }.joined(separator: ", ")
        return .fields(
            [
                ("Principal", "\(caller.principalArn)"), ("Account", "\(caller.account)"),
                ("User", "\("\(process.uid)")"), ("Groups", "\(groups)"),
                ("Unit", "\(process.unit ?? "-")"), ("Program", "\(process.executable ?? "-")"),
                ("Policies", "\(caller.policyDigest)"),
            ], width: 11)
    }

    /// A line for the actions that are always allowed, and one for each that depends on a request.
    /// - Parameter all: the actions that there are
    private static func lines(_ actions: [AllowedActionShape], all: [Action]) -> EscapedText {
        let allowed = actions.filter { $0.conditionKeys == nil }
        let depending = actions.filter { $0.conditionKeys != nil }
        var fields: [(EscapedText, EscapedText)] = []
        if depending.isEmpty, Set(allowed.map(\.action)).isSuperset(of: all.map(\.rawValue)) {
            fields.append((("  allowed", "every action")))
        } else if !allowed.isEmpty {
            fields.append(("  allowed", "\(allowed.map(\.name).joined(separator: ", "))"))
        }
        for action in depending {
            let keys = action.conditionKeys?.joined(separator: ", ") ?? ""
            fields.append(("  depends", "\(action.name), on \(keys)"))
        }
        return .fields(fields, width: 10)
    }
}

extension AllowedActionShape {
    fileprivate var name: String {
        guard let templateArns else { return action }
        let names = templateArns.prefix(3).map { TemplateName.short($0) }.joined(separator: ", ")
        return
            "\(action) (\(templateArns.count <= 3 ? names : "\(templateArns.count) templates: \(names), …"))"
    }
}
