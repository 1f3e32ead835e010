internal import ArgumentParser
internal import Foundation
internal import Issuance
internal import VisibleText

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Hold certificates against RFC 5280.",
        discussion: """
            Runs the rules that every certificate passes before it is signed here, those apart that need to know the \
            issuer, and what standards only recommend (marked SHOULD). Leaves with 1 when there is a finding.
            """)

    @Flag(help: "Print JSON.") var json = false
    @Argument(help: "Files with certificates in PEM, or one in DER; `-` is standard input.")
    var files: [String]

    private struct Finding: Encodable {
        let file: String
        /// In the file, from 1.
        let certificate: Int
        let rule: String
        let field: String
        let problem: String
        /// MUST or SHOULD.
        let level: String
    }

    func run() throws {
        var findings: [Finding] = []
        do {
            for file in files {
                for (index, der) in try CertificateFile.read(file).enumerated() {
                    findings += Linter.findings(certificate: der).map {
                        Finding(
                            file: file, certificate: index + 1, rule: $0.rule, field: $0.field,
                            problem: $0.problem, level: $0.level.rawValue)
                    }
                }
            }
        } catch { throw Failure.exit(for: error) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            Output.json(String(decoding: try encoder.encode(findings), as: UTF8.self))
        } else {
            for finding in findings {
                let level = finding.level == LintLevel.should.rawValue ? ", SHOULD" : ""
                Output.line(
                    "\(finding.file)[\(finding.certificate)]: \(finding.field) \(finding.problem) (\(finding.rule)\(level))"
                )
            }
            if findings.isEmpty { Output.line("no findings") }
        }
        if !findings.isEmpty { throw ExitCode.failure }
    }
}
