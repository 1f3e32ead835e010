internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import PKIX
internal import VisibleText
internal import WireAPI

struct CertificateShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a certificate for people, with its chain.",
        discussion: "Takes a file, or the ARN of a certificate or of an authority, which asks the daemon.")

    @OptionGroup var connection: Connection

    @Argument(help: "A file with certificates in PEM or one in DER, `-` for standard input, or an ARN.")
    var certificate: String

    func run() async throws {
        if !certificate.hasPrefix("arn:") {
            do { return try report(CertificateFile.read(certificate)) } catch {
                throw Failure.exit(for: error)
            }
        }
        try await connection.run { client in
            let output: CertificateOutput
            if let end = certificate.range(of: "/certificate/") {
                output = try await client.call(
                    GetCertificateOperation.self,
                    .init(
                        certificateAuthorityArn: String(certificate[..<end.lowerBound]),
                        certificateArn: certificate))
            } else {
                output = try await client.call(
                    GetCertificateAuthorityCertificateOperation.self,
                    .init(certificateAuthorityArn: certificate))
            }
            let text = output.certificate + "\n" + (output.certificateChain ?? "")
            try report(CertificateFile.certificates(Array(text.utf8), named: certificate))
        }
    }

    private func report(_ certificates: [[UInt8]]) throws {
        let reports = try certificates.map { try CertificateReport($0, at: Date()) }
        if connection.json { return try connection.printJSON(reports) }
        Output.line(reports.map(\.text).joined(separator: "\n\n"))
    }
}

/// Certificates in a file.
enum CertificateFile {
    static func read(_ path: String) throws -> [[UInt8]] {
        let data = try InputFile.read(path)
        return try certificates(Array(data), named: path)
    }

    /// DER when it begins like DER, and PEM otherwise.
    static func certificates(_ bytes: [UInt8], named name: String) throws -> [[UInt8]] {
        guard !PEM.isDER(bytes) else { return [bytes] }
        do throws(PEMFault) { return try PEM.decode(bytes, labels: PEM.certificate) } catch {
            throw CommandFailure(
                message: "`\(name)` holds no certificate: it \(error)",
                hint: "give PEM blocks labeled CERTIFICATE, or DER", status: .usage)
        }
    }
}
