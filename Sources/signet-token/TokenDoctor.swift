internal import ArgumentParser
internal import Foundation
internal import TokenOffice
internal import TokenProtocol
internal import VisibleText

struct TokenDoctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Try out what a token does, and write a profile for it.",
        discussion: """
            Makes keys of its own and destroys them, also when it is interrupted. Verifies what they sign. Finds the attributes the token does not take or answer, the encoding of \
            points, how many sessions it gives, what it makes of an open operation, and above how many sessions more do not \
            help. Give the profile there is with --profile to see whether it fits. Leaves with 0 when some kind of key \
            proves itself and signs.
            """)

    @OptionGroup var options: TokenOptions

    @Option(help: "Write a profile to this file, which must not exist. Review it before you use it.")
    var writeProfile: String?

    @Option(help: "How long to measure each number of sessions, in seconds.")
    var seconds = 1.0

    @Option(help: "How many sessions to open at the most.")
    var maximumSessions = 1100

    @Flag(help: "Try every kind of key, those that take long to make too.")
    var allKinds = false

    func validate() throws {
        guard (0.01...60).contains(seconds) else { throw ValidationError("--seconds takes 0.01 to 60.") }
        guard (1...100_000).contains(maximumSessions) else {
            throw ValidationError("--maximum-sessions takes 1 to 100000.")
        }
        if let writeProfile, FileManager.default.fileExists(atPath: writeProfile) {
            throw ValidationError("`\(writeProfile)` is there already; name another file.")
        }
    }

    func run() throws {
        let kinds: [KeyKind] =
            allKinds ? KeyKind.allCases : [.ecP256, .ecP384, .ecP521, .ed25519, .rsa2048, .rsaPSS2048]
        let profile = try reporting { try options.module.loadProfile() }
        let report: DoctorReport
        do {
            report = try reporting {
                try Doctor.examine(
                    try options.opening(), kinds: kinds, maximumSessions: maximumSessions, seconds: seconds,
                    judge: .crypto
                ) { step in Output.note("trying \(step)") }
            }
        } catch {
            // The exit status of a program ended by a signal, as in a shell.
            throw Doctor.interruption.map { ExitCode(128 + $0) } ?? error
        }
        if options.module.json { try printJSON(report) } else { Output.line(DoctorText.text(report)) }
        if let writeProfile {
            try Data(ProfileText.yaml(report, profile).utf8).write(
                to: URL(fileURLWithPath: writeProfile), options: .withoutOverwriting)
            Output.note("wrote \(writeProfile); review it before you use it")
        }
        if !report.isUsable { throw ExitCode.failure }
    }
}

/// Formats the report for people.
enum DoctorText {
    static func text(_ report: DoctorReport) -> EscapedText {
        var parts: [EscapedText] = [
            "\(report.token)  serial \(report.serialNumber)  \(report.model)  firmware \(report.firmware)  \(report.library)"
        ]
        parts.append(
            table([["MECHANISM", ""]] + report.mechanisms.map { [$0.name, $0.isThere ? "yes" : "no"] }))
        let rows = report.keys.map { key in
            [
                key.kind, key.failure ?? key.verdict ?? "", key.signature ?? "-", key.point ?? "-",
                list(key.omitted), list(key.unavailable),
                list(key.wrong + key.allowed.map { "allows: \($0)" }),
            ]
        }
        parts.append(
            table([["KEY", "VERDICT", "SIGNS", "POINT", "NOT TAKEN", "NOT ANSWERED", "WRONG"]] + rows))
        let sessions = report.sessions
        parts.append(
            table([
                [
                    "sessions",
                    "\(sessions.opened) opened\(sessions.limit.map { ", then \($0)" } ?? ", no limit met")",
                ],
                ["C_GetSessionInfo", sessions.sessionInfo], ["C_GenerateRandom", sessions.random],
                ["C_SignInit while one is open", report.operations.secondInit ?? "-"],
                ["C_SignInit with a null mechanism", report.operations.cancel ?? "-"],
                ["CKM_ECDSA over 20 bytes", report.operations.shortDigest ?? "-"],
            ]))
        if !report.throughput.isEmpty {
            let best = report.throughput.map(\.perSecond).max() ?? 1
            let rows = report.throughput.map { measured in
                [
                    "\(measured.sessions)", String(format: "%.0f", measured.perSecond),
                    String(format: "%.3f", measured.p50), String(format: "%.3f", measured.p99),
                    String(repeating: "#", count: Int(30 * measured.perSecond / best))
                        + (measured.sessions == report.knee ? " the knee" : ""),
                ]
            }
            parts.append(table([["SESSIONS", "PER SECOND", "P50 MS", "P99 MS", ""]] + rows))
        }
        parts.append(
            report.isUsable
                ? "Signet can work with this token."
                : "No key of this token proves itself and signs: Signet does not use it.")
        return parts.joined(separator: "\n\n")
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "-" : names.joined(separator: ", ")
    }
}

/// Writes a profile from the report.
enum ProfileText {
    static func yaml(_ report: DoctorReport, _ profile: TokenProfile) -> String {
        let keys = report.keys.filter { $0.failure == nil }
        let omitted = Set(keys.flatMap(\.omitted)).union(profile.omittedFromTemplates).sorted()
        let silent = Set(keys.flatMap(\.unavailable)).union(profile.mayBeUnavailable)
            .intersection(TokenProfile.waivable).sorted()
        var lines = [
            "# Written by `signet-token doctor` for the token `\(comment(report.token))`. Review it before you use it: every attribute below",
            "# is something the token does not promise about a key.",
            "name: \(quoted(report.model.isEmpty ? report.token : report.model))",
            "tested: \(quoted("by signet-token doctor: \(report.library), firmware \(report.firmware)"))",
        ]
        if let knee = report.knee { lines.append("sessions: \(min(knee, 64))") }
        if !omitted.isEmpty { lines += ["template:", "  omit: [\(omitted.joined(separator: ", "))]"] }
        if !silent.isEmpty {
            lines += ["read-back:", "  may-be-unavailable: [\(silent.joined(separator: ", "))]"]
        }
        for key in keys {
            for wrong in key.wrong { lines.append("# \(key.kind): \(comment(wrong))") }
            for allowed in key.allowed {
                lines.append("# \(key.kind): the token lets every user that is logged in \(comment(allowed))")
            }
        }
        if let parameters = profile.initializeParameters {
            lines.append("initialize-parameters: \(quoted(parameters))")
        }
        if profile.sockets.contains(.internet) { lines.append("network: true") }
        if profile.sockets.contains(.unix) { lines.append("unix-sockets: true") }
        if !profile.paths.isEmpty {
            lines.append("paths: [\(profile.paths.map(quoted).joined(separator: ", "))]")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Text of a token, escaped so that it stays on the comment's line.
    private static func comment(_ text: String) -> String { EscapedText(text).text }

    // YAML 1.2, section 7.3.1: within double quotes these two are escaped, and sections 5.7: others are by
    // their number.
    private static func quoted(_ text: String) -> String {
        var quoted = ""
        for scalar in text.unicodeScalars {
            if scalar == "\\" || scalar == "\"" { quoted += "\\" }
            if scalar.isVisible {
                quoted.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return "\"" + quoted + "\""
    }
}
