internal import ArgumentParser
internal import Foundation
internal import Identifiers
internal import TokenOffice
internal import TokenProtocol
internal import VisibleText

struct TokenEvidence: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Show what a token says of a key, and try on it everything that must fail.",
        discussion: """
            Reads the private key's attributes back, and then tries to read, wrap, copy, weaken and decrypt with it. \
            Leaves with 0 only when every attribute and every refusal is as it must be.
            """)

    @OptionGroup var options: TokenOptions

    @Argument(help: "The key's CKA_ID in hexadecimal, as `keys` shows it.")
    var key: String

    private struct Report: Encodable {
        let identifier: String
        let label: String
        let kind: String
        let verdict: String
        let attributes: [Attribute]
        let probes: [NegativeProbe]
    }

    private struct Attribute: Encodable {
        let name: String
        let wanted: String
        let found: String
        let finding: String
    }

    func validate() throws {
        guard bytes != nil else { throw ValidationError("`\(key)` is not hexadecimal.") }
    }

    func run() throws {
        let identifier = bytes ?? []
        let (found, probes) = try reporting {
            try Officer.evidence(try options.opening(), identifier: identifier)
        }
        let evidence = found.description.evidence
        let isGood = evidence.verdict != .notProvable && probes.allSatisfy(\.isRefused)
        if options.module.json {
            try printJSON(
                Report(
                    identifier: key, label: found.label, kind: "\(found.kind)",
                    verdict: "\(evidence.verdict)",
                    attributes: evidence.readings.map {
                        Attribute(
                            name: $0.name, wanted: $0.wanted, found: $0.found, finding: "\($0.finding)")
                    }, probes: probes))
        } else {
            Output.line("key \(key)  \(String(describing: found.kind))  \(found.label)\n")
            Output.line(
                table(
                    [["ATTRIBUTE", "WANTED", "FOUND", ""]]
                        + evidence.readings.map {
                            [$0.name, $0.wanted, $0.found, Self.text($0.finding)]
                        }))
            Output.line("")
            Output.line(
                table(
                    [["ATTEMPT", "ANSWER", ""]]
                        + probes.map { [$0.attempt, $0.answer, Self.text($0)] }))
            Output.line(
                "\nverdict: \(String(describing: evidence.verdict))\(isGood ? "" : "; Signet does not sign with this key")"
            )
        }
        if !isGood { throw ExitCode.failure }
    }

    private static func text(_ finding: AttributeReading.Finding) -> String {
        switch finding {
        case .satisfied: "ok"
        case .waived: "waived by the profile"
        case .wrong: "WRONG"
        }
    }

    private static func text(_ probe: NegativeProbe) -> String {
        probe.isInconclusive
            ? "NOTHING IS SHOWN"
            : probe.isRefused ? "refused" : probe.isOnTwin ? "IT WORKED, on a key made alike" : "IT WORKED"
    }

    private var bytes: [UInt8]? { key.isEmpty ? nil : octets(hexadecimal: key) }
}
