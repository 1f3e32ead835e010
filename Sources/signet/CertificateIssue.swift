internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import JSON
internal import LocalCertificates
internal import VisibleText
internal import WireAPI

struct CertificateIssue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Have a certificate issued for a certificate signing request.",
        discussion: """
            Prints the certificate; its ARN goes to standard error. With --output it is written to a file in one step, and with \
            --renew-before nothing happens while the certificate in the file is good for longer: run it from a timer.
            """)

    @OptionGroup var connection: Connection

    @Option(
        help: "The certificate authority that issues: its ARN, its id, its commonName, or `tag:KEY=VALUE`.")
    var ca: String

    @OptionGroup(title: "The request") var request: RequestOptions

    @OptionGroup(title: "Validity") var validity: ValidityOptions

    @OptionGroup(title: "The file of a service") var renewal: RenewalOptions

    @Option(help: "A template's name or ARN.")
    var template = "EndEntityCertificate/V1"

    @Option(help: "A JSON file with the API's ApiPassthrough, for templates that take it.")
    var apiPassthrough: String?

    @OptionGroup(title: "Name constraints, for the certificate of an authority")
    var nameConstraints: NameConstraintOptions

    @Option(help: "By default what the authority signs its own requests with.")
    var signingAlgorithm: String?

    @Option(help: "With the same token the same request gets the same certificate, for five minutes.")
    var idempotencyToken: String?

    @Flag(help: "Add the issuers without the root: what a TLS server sends.")
    var fullChain = false

    @Flag(help: "Print the chain up to the root after the certificate.")
    var chain = false

    @Flag(
        help: "Print the certificate's ARN and ask for nothing more: for requests that officers must approve."
    )
    var noWait = false

    func validate() throws {
        guard renewal.output != nil || request.newKey == nil else {
            throw ValidationError(
                "--new-key needs --output: the key and the certificate are written together.")
        }
        guard !(chain && (fullChain || renewal.output != nil)) else {
            throw ValidationError(
                "--chain prints the root too; give --full-chain for a server, or --output without it.")
        }
        guard request.csr == nil || request.csr != renewal.output else {
            throw ValidationError("--output is the file of --csr.")
        }
        guard !noWait || renewal.output == nil else {
            throw ValidationError("--no-wait prints an ARN; --output waits for the certificate.")
        }
    }

    private func passthrough() throws -> ApiPassthrough? {
        guard let apiPassthrough else { return nil }
        let data = try InputFile.read(apiPassthrough)
        do { return try WireCoding.decode(ApiPassthrough.self, from: data, unknown: .refused) } catch let
            error
            as NotAnObject
        {
            throw CommandFailure(
                message: "`\(apiPassthrough)` \(error)",
                hint: "write it as `aws acm-pca issue-certificate --api-passthrough` takes it", status: .usage
            )
        } catch {
            throw CommandFailure(
                message:
                    "`\(apiPassthrough)` is not an ApiPassthrough in JSON\((error as? UnknownMember).map { ": \($0)" } ?? "")",
                hint: "write it as `aws acm-pca issue-certificate --api-passthrough` takes it", status: .usage
            )
        }
    }

    func run() async throws {
        try await connection.run { client in
            if let output = renewal.output { return try await renew(output, client) }
            let local = LocalCertificate(
                path: "", request: try request.request(comparesNames: false), isFullChain: fullChain,
                renewBefore: nil,
                reload: nil)
            let asked = try await ask(try local.certificationRequest(), client)
            if connection.json { return try connection.printJSON(asked.issued) }
            if noWait { return Output.line("\(asked.issued.certificateArn)") }
            let output = try await certificate(asked, client)
            let issued = try IssuedChain(
                certificate: output.certificate, chain: output.certificateChain)
            warn(of: issued)
            if fullChain {
                Output.document(issued.pem(isFullChain: true))
            } else {
                Output.document(output.certificate)
                if chain, let rest = output.certificateChain { Output.document(rest) }
            }
        }
    }

    /// Replaces the file when the certificate in it is due.
    private func renew(_ path: String, _ client: SignetClient) async throws {
        let local = LocalCertificate(
            path: path,
            // ApiPassthrough can replace the names of a request.
            request: try request.request(
                comparesNames: renewal.renewBefore != nil && apiPassthrough == nil),
            isFullChain: fullChain,
            renewBefore: renewal.renewBefore?.seconds, reload: renewal.reload)
        var arn: String?
        let outcome = try await local.renew(at: Date(), authority: { try await issuingAuthority(client) }) {
            request in
            let asked = try await ask(request, client)
            let output = try await certificate(asked, client)
            arn = asked.issued.certificateArn
            let issued = try IssuedChain(certificate: output.certificate, chain: output.certificateChain)
            warn(of: issued)
            return issued
        }
        let (status, end) =
            switch outcome {
            case .nothingToDo(let end): ("NOTHING_TO_DO", end)
            case .renewed(let end): ("RENEWED", end)
            case .reloaded(let end): ("RELOADED", end)
            }
        if connection.json {
            return try connection.printJSON(
                RenewalReport(file: path, status: status, notAfter: Report.date(end), certificateArn: arn))
        }
        switch outcome {
        case .nothingToDo: Output.line("nothing to do: the certificate in `\(path)` ends \(Report.date(end))")
        case .renewed: Output.line("written: `\(path)`, with a certificate that ends \(Report.date(end))")
        case .reloaded:
            Output.line(
                "reloaded: `\(path)` was written before, with a certificate that ends \(Report.date(end))")
        }
    }

    /// The authority of --ca, to be compared with the issuer of the certificate in the file. Nil when the
    /// daemon does not tell: a certificate that is good stays in use while the daemon does not run.
    private func issuingAuthority(_ client: SignetClient) async throws -> IssuingAuthority? {
        do {
            let arn = try await AuthorityName.arn(ca, client)
            let output = try await client.call(
                GetCertificateAuthorityCertificateOperation.self, .init(certificateAuthorityArn: arn))
            return IssuingAuthority(certificate: output.certificate)
        } catch let error as APIClientError {
            Output.note(
                "note: the issuer of the certificate in the file was not compared with the authority: \(EscapedText(quoting: "\(error)", margin: "  "))"
            )
            return nil
        }
    }

    private struct RenewalReport: Encodable {
        let file: String
        let status: String
        let notAfter: String
        let certificateArn: String?
    }

    private struct Asked {
        let authority: String
        let issued: IssueCertificateOperation.Output
    }

    private func ask(_ csr: String, _ client: SignetClient) async throws -> Asked {
        let authority = try await AuthorityName.arn(ca, client)
        let signing: String
        if let signingAlgorithm {
            signing = signingAlgorithm
        } else {
            signing = try await Activation(client: client) { _ in }.signingAlgorithm(of: authority)
        }
        let now = Date()
        var input = IssueCertificateOperation.Input(
            certificateAuthorityArn: authority, csr: Blob(csr.utf8), signingAlgorithm: signing,
            templateArn: try TemplateName.arn(template, like: authority), validity: try validity.end(now: now)
        )
        input.validityNotBefore = try validity.begin(now: now)
        input.apiPassthrough = try passthrough()
        input.idempotencyToken = idempotencyToken
        do {
            return Asked(
                authority: authority,
                issued: try await client.issue(input, nameConstraints: nameConstraints.shape()))
        } catch let error as APIClientError {
            throw await missingTemplate(input.templateArn, error, client) ?? error
        }
    }

    /// The failure to report when the template does not exist. Nil when it exists, and when the caller may
    /// not list templates.
    private func missingTemplate(
        _ arn: String?, _ error: APIClientError, _ client: SignetClient
    ) async -> CommandFailure? {
        guard let arn, case .service = error, ExitStatus(error) == .denied || ExitStatus(error) == .failure,
            let templates = try? await client.call(ListTemplatesOperation.self, .init()).templates,
            !templates.contains(where: { $0.arn == arn })
        else { return nil }
        return CommandFailure(
            message: "there is no template `\(template)`", hint: "`signet template list` shows the templates",
            status: .notFound)
    }

    private func certificate(
        _ asked: Asked, _ client: SignetClient
    ) async throws -> GetCertificateOperation.Output {
        let arn = asked.issued.certificateArn
        do {
            let output = try await client.call(
                GetCertificateOperation.self,
                .init(certificateAuthorityArn: asked.authority, certificateArn: arn))
            Output.note("issued: \(arn)")
            return output
        } catch {
            if ExitStatus(error) == .waiting { Output.note("asked: \(arn)") }
            throw error
        }
    }

    private func warn(of issued: IssuedChain) {
        guard issued.isServerWithoutAlternativeName else { return }
        Output.note(
            "warning: the certificate is for TLS servers and has no subjectAltName; clients do not take a server by its commonName (RFC 9525)"
        )
    }
}
