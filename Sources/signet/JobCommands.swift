internal import APIClient
internal import ArgumentParser
internal import VisibleText
internal import WireAPI

struct JobCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job", abstract: "Work that the daemon does when it is due.", subcommands: [JobList.self]
    )
}

struct JobList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show the jobs, when they are due, and what they left undone.")

    @OptionGroup var connection: Connection

    func run() async throws {
        try await connection.run { client in
            let output = try await client.call(ListJobsOperation.self, .init())
            if connection.json { return try connection.printJSON(output) }
            let rows = output.jobs.map {
                [$0.name, $0.status, Report.date($0.endedAt), Report.date($0.dueAt), $0.reason ?? ""]
            }
            Output.line(EscapedText.table(["JOB", "STATUS", "LAST RUN", "DUE", "REASON"], rows))
        }
    }
}
