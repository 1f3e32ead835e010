internal import ArgumentParser
internal import Foundation
internal import PKIX
internal import RelyingPartyClient
internal import SwiftASN1
internal import VisibleText
internal import X509

struct OCSPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ocsp", abstract: "The status of certificates, as relying parties ask for it.",
        subcommands: [OCSPCheck.self])
}

struct OCSPCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Ask an OCSP responder about a certificate, and verify its answer.",
        discussion: """
            The responder is the one that the certificate names, or that of --url. Ends with 0 when the certificate is good, \
            and with 1 when it is revoked or unknown, or when the answer is not one that a relying party accepts. Needs no \
            daemon.
            """)

    @Flag(help: "Print JSON.") var json = false

    @Argument(help: "A file with the certificate in PEM or DER, and behind it that of its issuer.")
    var certificate: String

    @Option(
        help: ArgumentHelp(
            "A file with the issuer's certificate, unless it is behind the other.", valueName: "file"))
    var issuer: String?

    @Option(help: ArgumentHelp("The responder; by default the one that the certificate names."))
    var url: String?

    @Flag(help: "Send no nonce, as most relying parties do: the answer can be one that is kept.")
    var noNonce = false

    func run() async throws {
        do {
            let report = try await report()
            if json { Output.json(report.json) } else { Output.line(report.text) }
            if report.status != "good" { throw ExitStatus.failure.code }
        } catch let code as ExitCode { throw code } catch { throw Failure.exit(for: error) }
    }

    private func report() async throws -> OCSPReport {
        let chain = try CertificateFile.read(certificate)
        let leaf = try Certificate(derEncoded: chain[0])
        let others = try issuer.map { try CertificateFile.read($0) } ?? Array(chain.dropFirst())
        guard
            let authority = others.first(where: { Self.isIssuer($0, of: leaf) })
        else {
            throw CommandFailure(
                message:
                    "the certificate of the issuer is not there: none has its name and verifies its signature",
                hint: "give it with --issuer",
                status: .usage)
        }
        guard let url = try url ?? Self.responder(of: leaf) else {
            throw CommandFailure(
                message: "the certificate names no OCSP responder", hint: "give one with --url",
                status: .usage)
        }
        let fields = try CertificateFields(derEncoded: chain[0])
        let issuerFields = try CertificateFields(derEncoded: authority)
        let name = CertificateID(
            CertificateID.Issuer(
                .sha1, name: Array(issuerFields.subject),
                publicKey: try SubjectPublicKey(derEncoded: Array(issuerFields.subjectPublicKeyInfo))),
            serialNumber: Array(fields.serialNumber.dropFirst(2)))
        var generator = SystemRandomNumberGenerator()
        // RFC 9654, section 2.1: 32 octets.
        let nonce: [UInt8]? =
            noNonce ? nil : (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let client = StatusClient()
        let octets: [UInt8]
        do { octets = try await client.ask(OCSPRequest.encoded(name, nonce: nonce), at: url) } catch {
            await client.shutdown()
            throw CommandFailure(error)
        }
        await client.shutdown()
        return try OCSPReport(octets, about: name, issuer: authority, nonce: nonce, from: url)
    }

    private static func isIssuer(_ der: [UInt8], of certificate: Certificate) -> Bool {
        guard let issuer = try? Certificate(derEncoded: der) else { return false }
        return issuer.subject == certificate.issuer
            && issuer.publicKey.isValidSignature(certificate.signature, for: certificate)
    }

    private static func responder(of certificate: Certificate) throws -> String? {
        guard let access = try certificate.extensions.authorityInformationAccess else { return nil }
        for description in access {
            if description.method == .ocspServer,
                case .uniformResourceIdentifier(let url) = description.location
            {
                return url
            }
        }
        return nil
    }
}

extension CommandFailure {
    init(_ error: StatusClientError) {
        self.init(
            message: "`\(error.url)` does not answer: \(error.reason)",
            hint: "see that the address is right and that the responder runs", status: .unavailable)
    }
}
