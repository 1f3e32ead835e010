internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import JSON
internal import VisibleText
internal import WireAPI

struct CertificateIssue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Have a certificate issued for a certificate signing request.",
        discussion: "Prints the certificate; its ARN goes to standard error.")

    @OptionGroup var connection: Connection

    @Option(help: "The ARN of the certificate authority that issues.")
    var ca: String

    @Option(help: "A PEM file with the certificate signing request; `-` reads standard input.")
    var csr: String

    @Option(help: "A template's name or ARN.")
    var template = "EndEntityCertificate/V1"

    @Option(help: "How many days it is valid.")
    var days: Int64?

    @Option(help: "How many months it is valid.")
    var months: Int64?

    @Option(help: "How many years it is valid.")
    var years: Int64?

    @Option(help: "The moment it ends, as YYYYMMDDHHMMSS in UTC.")
    var endDate: Int64?

    @Option(help: "The moment it begins, in seconds since 1970; by default an hour ago.")
    var notBefore: Int64?

    @Option(help: "A JSON file with the API's ApiPassthrough, for templates that take it.")
    var apiPassthrough: String?

    @OptionGroup(title: "Name constraints, for the certificate of an authority")
    var nameConstraints: NameConstraintOptions

    @Option(help: "By default what the authority signs its own requests with.")
    var signingAlgorithm: String?

    @Option(help: "With the same token the same request gets the same certificate, for five minutes.")
    var idempotencyToken: String?

    @Flag(help: "Print the chain up to the root after the certificate.")
    var chain = false

    @Flag(
        help: "Print the certificate's ARN and ask for nothing more: for requests that officers must approve."
    )
    var noWait = false

    func validate() throws {
        guard validities.count == 1 else {
            throw ValidationError("Give one of --days, --months, --years and --end-date.")
        }
    }

    private var validities: [ValidityShape] {
        [(days, "DAYS"), (months, "MONTHS"), (years, "YEARS"), (endDate, "END_DATE")].compactMap {
            value, type in value.map { ValidityShape(value: $0, type: type) }
        }
    }

    private func passthrough() throws -> ApiPassthrough? {
        guard let apiPassthrough else { return nil }
        let data = try Data(contentsOf: URL(fileURLWithPath: apiPassthrough))
        do { return try WireCoding.decode(ApiPassthrough.self, from: data, unknown: .refused) } catch let
            error
            as NotAnObject
        {
            throw UsageFailure(
                message: "`\(apiPassthrough)` \(error)",
                hint: "write it as `aws acm-pca issue-certificate --api-passthrough` takes it")
        } catch {
            throw UsageFailure(
                message:
                    "`\(apiPassthrough)` is not an ApiPassthrough in JSON\((error as? UnknownMember).map { ": \($0)" } ?? "")",
                hint: "write it as `aws acm-pca issue-certificate --api-passthrough` takes it")
        }
    }

    func run() async throws {
        try await connection.run { client in
            let request =
                csr == "-"
                ? FileHandle.standardInput.readDataToEndOfFile()
                : try Data(contentsOf: URL(fileURLWithPath: csr))
            let activation = Activation(client: client) { _ in }
            let signing: String
            if let signingAlgorithm {
                signing = signingAlgorithm
            } else {
                signing = try await activation.signingAlgorithm(of: ca)
            }
            var input = IssueCertificateOperation.Input(
                certificateAuthorityArn: ca, csr: Blob(request), signingAlgorithm: signing,
                templateArn: try TemplateName.arn(template, like: ca),
                validity: validities[0])
            input.validityNotBefore = notBefore.map { .init(value: $0, type: "ABSOLUTE") }
            input.apiPassthrough = try passthrough()
            input.idempotencyToken = idempotencyToken
            let issued = try await client.issue(input, nameConstraints: nameConstraints.shape())
            if connection.json { return try connection.printJSON(issued) }
            if noWait { return Output.line("\(issued.certificateArn)") }
            Output.note("issued: \(issued.certificateArn)")
            let output = try await client.call(
                GetCertificateOperation.self,
                .init(certificateAuthorityArn: ca, certificateArn: issued.certificateArn))
            Output.document(output.certificate)
            if chain, let rest = output.certificateChain { Output.document(rest) }
        }
    }
}
