internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import JSON
internal import PKIX
internal import VisibleText
internal import WireAPI

struct CertificateRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke certificates, for good.",
        discussion: """
            Shows each certificate and asks for a `yes`; --yes asks nothing. The next CRL, which is made at once, has it. \
            With --from, the certificates are those in the output of `signet audit certificates --json`; one that is revoked \
            already is passed over.

            signet certificate revoke 6dbc90a0ed14fb9e25ca0cbf9a2cc3d3 --reason key-compromise
            signet audit certificates --principal role/issuer --since 7d --json > lost.json
            signet certificate revoke --from lost.json --reason key-compromise

            With --key, the certificate is a file, and its own key asks for the revocation: that needs no more than the key, \
            and the permission signet:RevokeHeldCertificate.

            signet certificate revoke web.pem --key web.key --ca "Example Issuing CA" --reason key-compromise
            """)

    enum Reason: String, ExpressibleByArgument, CaseIterable {
        case unspecified
        case keyCompromise = "key-compromise"
        case certificateAuthorityCompromise = "certificate-authority-compromise"
        case affiliationChanged = "affiliation-changed"
        case superseded
        case cessationOfOperation = "cessation-of-operation"
        case privilegeWithdrawn = "privilege-withdrawn"
        case aACompromise = "a-a-compromise"

        /// The API's name.
        var wireName: String { rawValue.uppercased().replacing("-", with: "_") }
    }

    @OptionGroup var connection: Connection

    @Argument(
        help:
            "The ARN of the certificate, or its serial number, which is looked up in the log; with --key, a file with the certificate."
    )
    var certificate: String?

    @Option(
        help: ArgumentHelp("A file that names the certificates; `-` is standard input.", valueName: "file"))
    var from: String?

    @Option(help: "Why.") var reason: Reason

    @Option(help: ArgumentHelp("The key of the certificate, which asks for its end.", valueName: "file"))
    var key: String?

    @Option(help: "With --key: the authority: its ARN, its id, its commonName, or `tag:KEY=VALUE`.")
    var ca: String?

    @Flag(help: "Ask nothing.") var yes = false

    func validate() throws {
        guard (certificate == nil) != (from == nil) else {
            throw ValidationError("Give one of a certificate and --from.")
        }
        guard (key == nil) == (ca == nil) else { throw ValidationError("Give --key and --ca together.") }
        guard key == nil || from == nil else { throw ValidationError("--key is for one certificate.") }
    }

    func run() async throws {
        try await connection.run { client in
            if let key, let ca, let certificate {
                return try await HeldCertificate(certificate: certificate, key: key)
                    .revoke(of: AuthorityName.arn(ca, client), because: reason.wireName, client)
            }
            let arns: [String]
            if let certificate {
                arns = [try await CertificateName.arn(certificate, client)]
            } else {
                arns = try Self.arns(in: from ?? "-")
            }
            if !yes { try await confirm(arns, client) }
            try await revoke(arns, client)
        }
    }

    /// Shows what would be revoked.
    private func confirm(_ arns: [String], _ client: SignetClient) async throws {
        guard isatty(STDIN_FILENO) == 1, from != "-" else {
            throw CommandFailure(
                message: "there is no terminal to ask on", hint: "look at the certificates, and give --yes",
                status: .usage)
        }
        let shown = arns.prefix(20)
        for arn in shown {
            let output = try await client.call(
                GetCertificateOperation.self,
                .init(
                    certificateAuthorityArn: CertificateName.authority(ofCertificate: arn),
                    certificateArn: arn))
            let report = try CertificateReport(
                PEM.block(Array(output.certificate.utf8), labels: PEM.certificate).contents, at: Date())
            Output.line(
                .fields(
                    [
                        ("Certificate", "\(report.serialNumber)"), ("Subject", "\(report.subject)"),
                        ("Issuer", "\(report.issuer)"), ("Valid until", "\(Report.date(report.notAfter))"),
                    ], width: 12))
        }
        if arns.count > shown.count { Output.line("… and \("\(arns.count - shown.count)") more") }
        Output.write("\nRevoke \("\(arns.count)") for ever, because of \(reason.rawValue)? Type `yes`: ")
        guard readLine() == "yes" else { throw CommandFailure(message: "not revoked", hint: nil) }
    }

    private func revoke(_ arns: [String], _ client: SignetClient) async throws {
        var report = RevocationReport()
        for (index, arn) in arns.enumerated() {
            let serial = CertificateName.serialNumber(arn) ?? ""
            let input = RevokeCertificateOperation.Input(
                certificateAuthorityArn: CertificateName.authority(ofCertificate: arn),
                certificateSerial: serial, revocationReason: reason.wireName)
            do throws(APIClientError) {
                try await Self.call(input, client)
                report.revoked.append(arn)
                if !connection.json { Output.line("revoked: \(arn)") }
            } catch {
                guard from != nil, case .service(let type, let message, _) = error,
                    Self.passedOver.contains(type)
                else {
                    if connection.json { try? connection.printJSON(report) }
                    if index > 0 {
                        Output.note(
                            "\("\(index)") of \("\(arns.count)") were done; run the command again for the others"
                        )
                    }
                    throw error
                }
                if type == "RequestAlreadyProcessedException" {
                    report.revokedBefore.append(arn)
                    if !connection.json { Output.line("revoked before: \(arn)") }
                } else {
                    report.notRevoked.append(arn)
                    Output.note("not revoked: \(arn): \(message)")
                }
            }
            if arns.count > 50, (index + 1) % 50 == 0 {
                Output.note("\("\(index + 1)") of \("\(arns.count)")")
            }
        }
        if connection.json { try connection.printJSON(report) }
        guard report.notRevoked.isEmpty else {
            throw CommandFailure(
                message: "\("\(report.notRevoked.count)") of \("\(arns.count)") could not be revoked",
                hint: nil)
        }
    }

    /// Errors of one certificate, after which the others of a list are still revoked.
    private static let passedOver: Set<String> = [
        "RequestAlreadyProcessedException", "InvalidStateException", "InvalidRequestException",
        "ResourceNotFoundException",
    ]

    /// Waits where the principal's rate is exceeded.
    private static func call(
        _ input: RevokeCertificateOperation.Input, _ client: SignetClient
    ) async throws(APIClientError) {
        for attempt in 0... {
            do throws(APIClientError) {
                _ = try await client.call(RevokeCertificateOperation.self, input)
                return
            } catch {
                guard case .service("ThrottlingException", _, _) = error, attempt < 60 else { throw error }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// The ARNs in a JSON list of certificates, each once.
    private static func arns(in path: String) throws -> [String] {
        let data = try InputFile.read(path)
        guard case .array(let list)? = try? JSONValue(parsing: data) else {
            throw CommandFailure(
                message: "`\(path)` is not a JSON list of certificates",
                hint: "`signet audit certificates --since 7d --json` prints one", status: .usage)
        }
        var seen: Set<String> = []
        return try list.enumerated().compactMap { index, entry in
            let arn = (entry["CertificateArn"] ?? entry["certificateArn"])?.stringValue ?? entry.stringValue
            guard let arn, arn.utf8.starts(with: "arn:".utf8), CertificateName.serialNumber(arn) != nil else {
                throw CommandFailure(
                    message: "entry \("\(index + 1)") of `\(path)` has no ARN of a certificate",
                    hint: "nothing was revoked", status: .usage)
            }
            return seen.insert(arn).inserted ? arn : nil
        }
    }
}

private struct RevocationReport: Encodable {
    var revoked: [String] = []
    var revokedBefore: [String] = []
    var notRevoked: [String] = []
}
