internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import VisibleText
internal import WireAPI

struct CAAuditReport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit-report", abstract: "Have a list made of all certificates an authority issued.",
        discussion: """
            The daemon writes it to the directory its configuration names for the bucket (audit-reports.buckets), in the \
            background. It makes at most one for an authority in 30 minutes, or what the configuration says.

            signet ca audit-report --ca "$ca" --bucket reports --format csv --wait
            """)

    @OptionGroup var connection: Connection

    @Option(help: "The certificate authority: its ARN, its id, its commonName, or `tag:KEY=VALUE`.")
    var ca: String

    @Option(help: "The bucket it is put into.")
    var bucket: String

    @Option(help: "json or csv.")
    var format = ReportFormat.json

    @Flag(help: "Wait until it is made, and say where it lies.")
    var wait = false

    enum ReportFormat: String, ExpressibleByArgument, CaseIterable { case json, csv }

    func run() async throws {
        try await connection.run { client in
            let arn = try await AuthorityName.arn(ca, client)
            let report = try await client.call(
                CreateCertificateAuthorityAuditReportOperation.self,
                .init(
                    certificateAuthorityArn: arn, s3BucketName: bucket,
                    auditReportResponseFormat: format.rawValue.uppercased()))
            guard wait else {
                if connection.json { return try connection.printJSON(report) }
                return Output.line(Self.row(bucket, report.s3Key, "CREATING"))
            }
            let made = try await finished(report, of: arn, client)
            guard made.auditReportStatus == "SUCCESS" else {
                throw CommandFailure(
                    message: "the audit report \(report.auditReportId) is \(made.auditReportStatus)",
                    hint:
                        "the daemon's log and the event AuditReportOutcome say why; a failed one may be asked for again at once"
                )
            }
            if connection.json { return try connection.printJSON(made) }
            Output.line(Self.row(made.s3BucketName, made.s3Key, made.auditReportStatus))
        }
    }

    /// Polls every second, and shows the elapsed time on a terminal.
    private func finished(
        _ report: CreateCertificateAuthorityAuditReportOperation.Output, of authority: String,
        _ client: SignetClient
    ) async throws -> DescribeCertificateAuthorityAuditReportOperation.Output {
        let start = ContinuousClock.now
        let progress = ProgressLine()
        defer { progress.clear() }
        var pause = Duration.milliseconds(50)
        while true {
            let state = try await client.call(
                DescribeCertificateAuthorityAuditReportOperation.self,
                .init(certificateAuthorityArn: authority, auditReportId: report.auditReportId))
            guard state.auditReportStatus == "CREATING" else { return state }
            let seconds = (ContinuousClock.now - start).components.seconds
            progress.show("audit report \(report.auditReportId): CREATING, \(seconds) s")
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(1))
        }
    }

    /// Only the daemon knows the directory of a bucket; the file's path below it is the key.
    private static func row(_ bucket: String, _ key: String, _ status: String) -> EscapedText {
        EscapedText.table(["STATUS", "BUCKET", "FILE IN THE BUCKET'S DIRECTORY"], [[status, bucket, key]])
    }
}

/// One line on standard error that is overwritten, if that is a terminal; otherwise no output.
private struct ProgressLine {
    private let isShown = Output.isErrorTerminal

    func show(_ text: EscapedText) { write("\r\u{1B}[K\(text)") }

    func clear() { write("\r\u{1B}[K") }

    private func write(_ text: EscapedText) {
        if isShown { Output.progress(text) }
    }
}
