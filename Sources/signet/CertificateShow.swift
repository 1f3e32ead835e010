internal import APIClient
internal import ArgumentParser
internal import Foundation
internal import PKIX
internal import SwiftASN1
internal import WireAPI
internal import X509

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
        print(reports.map(\.text).joined(separator: "\n\n"))
    }
}

/// Certificates in a file.
enum CertificateFile {
    static func read(_ path: String) throws -> [[UInt8]] {
        let data =
            path == "-"
            ? FileHandle.standardInput.readDataToEndOfFile()
            : try Data(contentsOf: URL(fileURLWithPath: path))
        return try certificates(Array(data), named: path)
    }

    /// PEM when it begins like PEM, and DER otherwise.
    static func certificates(_ bytes: [UInt8], named name: String) throws -> [[UInt8]] {
        guard bytes.first != 0x30 else { return [bytes] }
        guard let blocks = PEM.decode(bytes, labels: ["CERTIFICATE"]) else {
            throw UsageFailure(
                message: "`\(name)` holds no certificate",
                hint: "give PEM blocks labelled CERTIFICATE, or DER")
        }
        return blocks
    }
}

/// A certificate in words.
private struct CertificateReport: Encodable {
    let subject: String
    let issuer: String
    let serialNumber: String
    let notBefore: Date
    let notAfter: Date
    /// Such as `valid, 29 days left`.
    let validity: String
    let publicKey: String
    let signatureAlgorithm: String
    let extensions: [Entry]

    struct Entry: Encodable {
        let name: String
        let critical: Bool
        let value: String
    }

    init(_ der: [UInt8], at now: Date) throws {
        let certificate: Certificate
        do { certificate = try CertificateParser.parse(der) } catch {
            throw UsageFailure(message: "a certificate does not parse: \(parseReason(error))", hint: nil)
        }
        subject = "\(certificate.subject)"
        issuer = "\(certificate.issuer)"
        serialNumber = hexadecimal(Array(certificate.serialNumber.bytes), separator: ":")
        notBefore = certificate.notValidBefore
        notAfter = certificate.notValidAfter
        validity = Self.validity(certificate, at: now)
        publicKey = KeyAlgorithm(certificate.publicKey)?.rawValue ?? "\(certificate.publicKey)"
        // Its description is `SignatureAlgorithm.` and the name.
        signatureAlgorithm = String("\(certificate.signatureAlgorithm)".split(separator: ".").last ?? "")
        extensions = certificate.extensions.map {
            Entry(name: ExtensionText.name($0.oid), critical: $0.critical, value: ExtensionText.value($0))
        }
    }

    private static func validity(_ certificate: Certificate, at now: Date) -> String {
        if now < certificate.notValidBefore {
            return "not valid yet; begins in \(span(certificate.notValidBefore.timeIntervalSince(now)))"
        }
        let left = certificate.notValidAfter.timeIntervalSince(now)
        return left < 0 ? "EXPIRED \(span(-left)) ago" : "valid, \(span(left)) left"
    }

    private static func span(_ seconds: TimeInterval) -> String {
        switch seconds {
        case 172_800...: "\(Int(seconds / 86_400)) days"
        case 7200...: "\(Int(seconds / 3600)) hours"
        default: "\(Int(seconds / 60)) minutes"
        }
    }

    var text: String {
        let lines: [(String, String)] = [
            ("Subject", subject.isEmpty ? "(none)" : subject), ("Issuer", issuer),
            ("Serial number", serialNumber),
            ("Valid", "\(Report.date(notBefore)) to \(Report.date(notAfter)) (\(validity))"),
            ("Key", publicKey), ("Signed with", signatureAlgorithm),
        ]
        let body = extensions.map {
            "  " + ($0.name + ($0.critical ? " (critical)" : "")).padded(to: 36) + $0.value
        }
        return
            (lines.map { $0.0.padded(to: 15) + $0.1 } + (body.isEmpty ? [] : ["Extensions"] + body))
            .joined(separator: "\n")
    }
}

extension String {
    func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self + " "
    }
}
