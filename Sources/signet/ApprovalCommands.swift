internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import VisibleText
internal import WireAPI

struct ApprovalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approval",
        abstract: "Requests that officers must approve before they are carried out.",
        discussion: """
            A policy asks for them with the condition key signet:ApprovalCount. The requester cannot approve, and \
            no officer approves twice. What is shown is exactly what will be signed or done: its digest is checked here and recorded.
            """,
        subcommands: [ApprovalList.self, ApprovalShow.self, ApprovalApprove.self, ApprovalReject.self])
}

/// The request that a command is about.
struct ApprovalArgument: ParsableArguments {
    @Argument(help: "The request's id.") var id: String

    /// - Throws: ``CommandFailure`` for a text that no request has as its id
    func checkedID() throws(CommandFailure) -> String {
        guard UUID(uuidString: id) != nil else {
            throw CommandFailure(
                message: "there is no request `\(id)`",
                hint: "`signet approval list` shows the requests that wait",
                status: .notFound)
        }
        return id
    }
}

struct ApprovalList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the requests that wait, the newest first.")

    @OptionGroup var connection: Connection

    @Flag(help: "Those that wait no longer, too.")
    var all = false

    func run() async throws {
        try await connection.run { client in
            var output = ListApprovalsOperation.Output(approvals: [])
            repeat {
                let page = try await client.call(
                    ListApprovalsOperation.self,
                    .init(status: all ? nil : "PENDING", nextToken: output.nextToken))
                output = .init(approvals: output.approvals + page.approvals, nextToken: page.nextToken)
            } while output.nextToken != nil
            if connection.json { return try connection.printJSON(output) }
            if output.approvals.isEmpty { return Output.line("No request waits for approval.") }
            let rows = output.approvals.map {
                [
                    $0.id, $0.status, "\($0.approvals.count)/\($0.needed)", Report.date($0.expiresAt),
                    String($0.operation.split(separator: ".").last ?? ""), $0.requester,
                ]
            }
            Output.line(
                EscapedText.table(["ID", "STATUS", "APPROVED", "EXPIRES", "OPERATION", "REQUESTER"], rows))
        }
    }
}

struct ApprovalShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what exactly is to be approved.")

    @OptionGroup var connection: Connection
    @OptionGroup var request: ApprovalArgument

    @Option(help: "Write what is approved, to the byte, into this file: DER of the TBSCertificate, or JSON.")
    var content: String?

    func run() async throws {
        try await connection.run { client in
            let output = try await client.call(GetApprovalOperation.self, .init(id: try request.checkedID()))
            let bytes = try ApprovalReport.content(of: output.approval)
            if let content { try Data(bytes).write(to: URL(fileURLWithPath: content)) }
            if connection.json { return try connection.printJSON(output) }
            Output.line(try ApprovalReport.text(output.approval, content: bytes))
        }
    }
}

struct ApprovalApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a request.",
        discussion: """
            Shows the request and asks for a `yes`. With --digest it asks nothing, and approves only what has that digest. \
            With the last approval that is needed the request is carried out.
            """)

    @OptionGroup var connection: Connection
    @OptionGroup var request: ApprovalArgument

    @Option(help: "SHA-256 of what you looked at, as `show` prints it.")
    var digest: String?

    func run() async throws {
        try await connection.run { client in
            let seen: String
            if let digest {
                guard digest.utf8.count == 64 else {
                    throw CommandFailure(
                        message: "`\(digest)` is not a SHA-256 in hexadecimal",
                        hint: "`signet approval show` prints the digest", status: .usage)
                }
                seen = digest.lowercased()
            } else {
                guard isatty(STDIN_FILENO) == 1 else {
                    throw CommandFailure(
                        message: "there is no terminal to ask on",
                        hint: "look at the request with `signet approval show`, and give its --digest")
                }
                let approval = try await client.call(
                    GetApprovalOperation.self, .init(id: try request.checkedID())
                ).approval
                Output.line(
                    try ApprovalReport.text(approval, content: try ApprovalReport.content(of: approval)))
                Output.write("\nApprove the request with the digest\n\(approval.digest)? Type `yes`: ")
                guard readLine() == "yes" else { throw CommandFailure(message: "not approved", hint: nil) }
                seen = approval.digest
            }
            let output = try await client.call(
                ApproveRequestOperation.self, .init(id: try request.checkedID(), digest: seen))
            if connection.json { return try connection.printJSON(output) }
            Output.line(ApprovalReport.result(output.approval))
            if output.approval.outcome != nil { throw ExitCode(1) }
        }
    }
}

struct ApprovalReject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Reject a request, for good.")

    @OptionGroup var connection: Connection
    @OptionGroup var request: ApprovalArgument

    @Option(help: "Why, at most 256 characters; the requester is told.")
    var reason: String?

    func run() async throws {
        try await connection.run { client in
            let output = try await client.call(
                RejectRequestOperation.self, .init(id: try request.checkedID(), reason: reason))
            if connection.json { return try connection.printJSON(output) }
            Output.line(ApprovalReport.result(output.approval))
        }
    }
}
