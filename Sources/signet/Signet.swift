internal import ArgumentParser
internal import Foundation

@main
struct Signet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signet",
        abstract: "Talks to a signetd on this machine.",
        discussion: "The daemon decides by who you are: the kernel tells it your user and group.",
        version: "0.1.0",
        subcommands: [
            CACommand.self, CertificateCommand.self, TemplateCommand.self, LintCommand.self,
            PolicyCommand.self, ApprovalCommand.self, AuditCommand.self, TokenCommand.self,
        ])
}

struct CACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca", abstract: "Certificate authorities.",
        subcommands: [
            CACreate.self, CAList.self, CADescribe.self, CACsr.self, CAImport.self, CACertificate.self,
            CAAdopt.self, CAPolicy.self, CATag.self, CAUntag.self, CATags.self, CAAuditReport.self,
        ])
}

struct CertificateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate", abstract: "Certificates.",
        subcommands: [CertificateIssue.self, CertificateGet.self, CertificateShow.self])
}
