import Foundation
import TestSupport
import WireAPI

/// Verifiers of certificates that contain no code of Signet.
enum ExternalVerifiers {
    /// The result of `openssl verify -x509_strict` for a certificate and its chain, the root last.
    static func openssl(_ output: CertificateOutput) throws -> Command {
        let directory = try TemporaryDirectory()
        let chain = blocks(output.certificateChain ?? output.certificate)
        try directory.write("leaf.pem", output.certificate)
        try directory.write("root.pem", chain.last ?? "")
        try directory.write("rest.pem", chain.dropLast().joined(separator: "\n"))
        var arguments = ["verify", "-x509_strict", "-purpose", "any", "-CAfile", directory.path("root.pem")]
        if chain.count > 1 { arguments += ["-untrusted", directory.path("rest.pem")] }
        return try Command.run("openssl", arguments + [directory.path("leaf.pem")])
    }

    /// GnuTLS's verification of the whole chain.
    static func certtool(_ output: CertificateOutput) throws -> Command {
        let directory = try TemporaryDirectory()
        let chain = blocks(output.certificateChain ?? output.certificate)
        try directory.write("chain.pem", ([output.certificate] + chain).joined(separator: "\n") + "\n")
        try directory.write("root.pem", (chain.last ?? "") + "\n")
        return try Command.run(
            "certtool",
            [
                "--verify", "--load-ca-certificate", directory.path("root.pem"), "--infile",
                directory.path("chain.pem"),
            ])
    }

    static func text(_ pem: String) throws -> String {
        try Command.output("openssl", ["x509", "-noout", "-text"], input: Data(pem.utf8))
    }

    /// The validity as OpenSSL prints it.
    static func dates(_ pem: String) throws -> (notBefore: Date, notAfter: Date) {
        let text = try Command.output(
            "openssl", ["x509", "-noout", "-dates", "-dateopt", "iso_8601"], input: Data(pem.utf8))
        let dates = text.split(separator: "\n").compactMap { line in
            ISO8601DateFormatter().date(
                from: String(line.split(separator: "=").last ?? "").replacing(" ", with: "T"))
        }
        guard dates.count == 2 else { throw CommandFailure(description: text) }
        return (dates[0], dates[1])
    }

    static func blocks(_ pem: String) -> [String] {
        pem.components(separatedBy: "-----END CERTIFICATE-----").dropLast().map {
            $0.trimmingCharacters(in: .newlines) + "\n-----END CERTIFICATE-----"
        }
    }
}
