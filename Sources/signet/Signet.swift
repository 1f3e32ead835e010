internal import ArgumentParser
internal import Foundation
internal import Identifiers
internal import VisibleText

@main
struct Signet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signet",
        abstract: "Talks to a signetd on this machine.",
        discussion: "The daemon decides by who you are: the kernel tells it your user and group.",
        version: productVersion,
        subcommands: [
            CACommand.self, CertificateCommand.self, TemplateCommand.self, LintCommand.self,
            CRLCommand.self, OCSPCommand.self, PolicyCommand.self,
            ApprovalCommand.self, AuditCommand.self, TokenCommand.self, JobCommand.self,
            WhoAmI.self,
        ])

    /// Runs the command like the library does, but escapes the messages of failures.
    static func main() async {
        do {
            var command = try parseAsRoot()
            do {
                if var command = command as? any AsyncParsableCommand {
                    try await command.run()
                } else {
                    try command.run()
                }
                try Failure.requireOutput()
            } catch { throw Failure.exit(for: error) }
        } catch {
            // The library also throws for help, the version and completion scripts, which are successes.
            if exitCode(for: error).isSuccess || error is ExitCode { exit(withError: error) }
            Output.note(EscapedText(fullMessage(for: error), layout: .document))
            exit(withError: exitCode(for: error))
        }
    }
}

struct CACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca", abstract: "Certificate authorities.",
        subcommands: [
            CACreate.self, CAList.self, CADescribe.self, CAUpdate.self, CACsr.self, CAImport.self,
            CACertificate.self,
            CAAdopt.self, CAPolicy.self, CATag.self, CAUntag.self, CATags.self, CAAuditReport.self,
        ])
}

struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate", abstract: "Certificates.",
        subcommands: [
            CertificateIssue.self, CertificateGet.self, CertificateShow.self, CertificateRevoke.self,
            CertificateImport.self,
        ])
}
