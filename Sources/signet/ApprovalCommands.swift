internal import APIClient
internal import ArgumentParser
internal import Crypto
internal import Foundation
internal import PKIX
internal import WireAPI

struct ApprovalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approval",
        abstract: "Requests that officers must approve before they are carried out.",
        discussion: """
            A policy asks for them with the condition key signet:ApprovalCount. Who asked cannot approve, and nobody \
            approves twice. What is shown is exactly what will be signed or done: its digest is checked here and recorded.
            """,
        subcommands: [ApprovalList.self, ApprovalShow.self, ApprovalApprove.self, ApprovalReject.self])
}

struct ApprovalList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the requests that wait, the newest first.")

    @OptionGroup var connection: Connection

    @Flag(help: "Those that wait no longer, too.")
    var all = false

    func run() async throws {
        try await connection.run { client in
            let output = try await client.call(
                ListApprovalsOperation.self, .init(status: all ? nil : "PENDING"))
            if connection.json { return try connection.printJSON(output) }
            if output.approvals.isEmpty { return print("No request waits for approval.") }
            let rows = output.approvals.map {
                [
                    $0.id, $0.status, "\($0.approvals.count)/\($0.needed)", Report.date($0.expiresAt),
                    String($0.operation.split(separator: ".").last ?? ""), $0.requester,
                ]
            }
            print(Report.table(["ID", "STATUS", "APPROVED", "EXPIRES", "OPERATION", "REQUESTER"], rows))
        }
    }
}

struct ApprovalShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what exactly is to be approved.")

    @OptionGroup var connection: Connection
    @Argument(help: "The request's id.") var id: String

    @Option(help: "Write what is approved, to the byte, into this file: DER of the TBSCertificate, or JSON.")
    var content: String?

    func run() async throws {
        try await connection.run { client in
            let output = try await client.call(GetApprovalOperation.self, .init(id: id))
            let bytes = try ApprovalReport.content(of: output.approval)
            if let content { try Data(bytes).write(to: URL(fileURLWithPath: content)) }
            if connection.json { return try connection.printJSON(output) }
            print(try ApprovalReport.text(output.approval, content: bytes))
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
    @Argument(help: "The request's id.") var id: String

    @Option(help: "SHA-256 of what you looked at, as `show` prints it.")
    var digest: String?

    func run() async throws {
        try await connection.run { client in
            let seen: String
            if let digest {
                seen = digest.lowercased()
            } else {
                guard isatty(STDIN_FILENO) == 1 else {
                    throw UsageFailure(
                        message: "there is no terminal to ask on",
                        hint: "look at the request with `signet approval show`, and give its --digest")
                }
                let approval = try await client.call(GetApprovalOperation.self, .init(id: id)).approval
                print(try ApprovalReport.text(approval, content: try ApprovalReport.content(of: approval)))
                print("Approve it? Type `yes`: ", terminator: "")
                fflush(nil)
                guard readLine() == "yes" else { throw UsageFailure(message: "not approved", hint: nil) }
                seen = approval.digest
            }
            let output = try await client.call(ApproveRequestOperation.self, .init(id: id, digest: seen))
            if connection.json { return try connection.printJSON(output) }
            print(ApprovalReport.result(output.approval))
            if output.approval.outcome != nil { throw ExitCode(1) }
        }
    }
}

struct ApprovalReject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Reject a request, for good.")

    @OptionGroup var connection: Connection
    @Argument(help: "The request's id.") var id: String

    @Option(help: "Why, at most 256 characters; whoever asked is told.")
    var reason: String?

    func run() async throws {
        try await connection.run { client in
            let output = try await client.call(RejectRequestOperation.self, .init(id: id, reason: reason))
            if connection.json { return try connection.printJSON(output) }
            print(ApprovalReport.result(output.approval))
        }
    }
}

/// A request for approval in words, made of the very bytes that are approved.
private enum ApprovalReport {
    /// What is approved, held against its digest here.
    static func content(of approval: ApprovalShape) throws -> [UInt8] {
        guard let content = approval.content?.bytes,
            hexadecimal(SHA256.hash(data: content)) == approval.digest
        else {
            throw UsageFailure(
                message: "what the daemon shows does not have the digest it names",
                hint: "do not approve it; tell whoever runs the daemon")
        }
        return content
    }

    static func text(_ approval: ApprovalShape, content: [UInt8]) throws -> String {
        let head = [
            ("Request", "\(approval.id) (\(approval.status))"), ("Operation", approval.operation),
            ("Requester", approval.requester), ("Authority", approval.resource),
            ("Asked", Report.date(approval.createdAt)), ("Expires", Report.date(approval.expiresAt)),
            ("Approved", "\(approval.approvals.count) of \(approval.needed)"),
        ]
        var lines = head.map { $0.0.padded(to: 15) + $0.1 }
        lines += approval.approvals.map { "  \(Report.date($0.approvedAt))  \($0.principal) (uid \($0.uid))" }
        if let outcome = approval.outcome { lines.append("Outcome".padded(to: 15) + outcome) }
        lines.append("Digest".padded(to: 15) + approval.digest)
        let body =
            approval.certificateArn != nil
            ? try CertificateReport(unsigned: content, at: Date()).text
            : String(decoding: content, as: UTF8.self)
        return lines.joined(separator: "\n") + "\n\n" + body
    }

    static func result(_ approval: ApprovalShape) -> String {
        switch approval.status {
        case "COMPLETED":
            "approved, and carried out" + (approval.certificateArn.map { ": \($0)" } ?? "")
        case "FAILED": "approved, and could not be carried out: \(approval.outcome ?? "")"
        case "PENDING": "approved: \(approval.approvals.count) of \(approval.needed)"
        default: "\(approval.status.lowercased()): \(approval.outcome ?? "")"
        }
    }
}
