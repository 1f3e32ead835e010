import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// OpenSSL checks Signet's keys and certificates through libp11 and libssl, in a program that contains no
/// code of Signet.
struct OpenSSLJudgeTests {
    /// `Tests/OpenSSLJudge`, compiled once.
    private static let judge = Result { () throws -> String in
        let directory = try TemporaryDirectory()
        let program = NSTemporaryDirectory() + "signet-judge-\(ProcessInfo.processInfo.processIdentifier)"
        let flags = try Command.output(
            "pkg-config", ["--cflags", "--libs", "libp11", "libssl", "libcrypto", "p11-kit-1"]
        ).split(whereSeparator: \.isWhitespace).map(String.init)
        let source = "\(Products.root)/Tests/OpenSSLJudge/judge.c"
        try Command.output("cc", ["-Wall", "-Wextra", "-Werror", "-o", program, source] + flags + ["-ldl"])
        _ = directory
        return program
    }

    private static func run(_ arguments: [String], _ token: SoftHSM) throws -> Command {
        try Command.run(try judge.get(), arguments, environment: token.environment)
    }

    private static func onToken(_ token: SoftHSM, certificates: [String] = []) throws -> Command {
        try run(["token", SoftHSM.modulePath, SoftHSM.label, token.pinFile] + certificates, token)
    }

    @Test func `OpenSSL signs with every key that Signet made, and can extract none of them`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        var certificates: [String] = []
        for (algorithm, signing) in [
            ("EC_prime256v1", "SHA256WITHECDSA"), ("EC_secp384r1", "SHA384WITHECDSA"),
            ("EC_secp521r1", "SHA512WITHECDSA"), ("RSA_2048", "SHA256WITHRSA"),
        ] {
            let pem = try await daemon.client { client in
                let root = try await client.activeRoot(algorithm, signing)
                return try await client.call(
                    GetCertificateAuthorityCertificateOperation.self, .init(certificateAuthorityArn: root)
                ).certificate
            }
            try daemon.directory.write("\(algorithm).pem", pem)
            certificates.append(daemon.directory.path("\(algorithm).pem"))
            let root = daemon.directory.path("\(algorithm).pem")
            let verified = try Self.run(["chain", root, root], daemon.token)
            #expect(verified.status == 0, "\(verified.errors)")
        }
        let judged = try Self.onToken(daemon.token, certificates: certificates)
        #expect(judged.status == 0, "\(judged.output)\(judged.errors)")
        // The key of the log's checkpoints is on the token too, and has no certificate.
        let keys = judged.output.split(separator: "\n")
        #expect(keys.count >= 4 && keys.allSatisfy { $0.hasSuffix("does not leave") }, "\(judged.output)")
        for certificate in certificates { #expect(keys.count { $0.contains(certificate) } == 1) }
    }

    @Test(arguments: [
        (["--extractable"], "CKA_EXTRACTABLE"), (["--sensitive", "--extractable"], "CKA_EXTRACTABLE"),
    ])
    func `the judge reports an extractable key`(_ attributes: [String], _ reason: String) throws {
        let token = try SoftHSM(try TemporaryDirectory())
        let made = try token.pkcs11Tool(
            ["--keypairgen", "--key-type", "EC:prime256v1", "--id", "0a", "--label", "weak"] + attributes)
        #expect(made.status == 0, "\(made.errors)")
        let judged = try Self.onToken(token)
        #expect(judged.status == 1 && judged.errors.contains("\(reason) of 0a is"), "\(judged)")
    }

    @Test func `the judge reports a missing key and a missing token`() throws {
        let token = try SoftHSM(try TemporaryDirectory())
        #expect(try Self.onToken(token).errors.contains("the token has no private key"))
        let other = try Self.run(["token", SoftHSM.modulePath, "other", token.pinFile], token)
        #expect(other.status == 1 && other.errors.contains("does not find the token `other`"))
    }

    @Test func `OpenSSL verifies a chain of Signet strictly, and uses it for TLS`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let path: (String) -> String = { daemon.directory.path($0) }
        try Command.output(
            "openssl",
            [
                "req", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout",
                path("leaf.key"), "-subj", "/CN=service.example.com", "-addext",
                "subjectAltName=DNS:service.example.com", "-out", path("leaf.csr"),
            ])
        let csr = try daemon.directory.text("leaf.csr")
        let (leaf, root) = try await daemon.client { client in
            let root = try await client.activeRoot()
            let issuing = try await client.createAuthority("SUBORDINATE", commonName: "Issuing")
            try await client.activate(issuing, by: root, template: "SubordinateCACertificate_PathLen0/V1")
            let leaf = try await client.issue(csr, by: issuing)
            let own = try await client.call(
                GetCertificateAuthorityCertificateOperation.self, .init(certificateAuthorityArn: root))
            return (leaf, own.certificate)
        }
        let chain = try #require(leaf.certificateChain)
        let issuing =
            try #require(chain.components(separatedBy: "-----END CERTIFICATE-----").first)
            + "-----END CERTIFICATE-----\n"
        try daemon.directory.write("root.pem", root)
        try daemon.directory.write("issuing.pem", issuing)
        try daemon.directory.write("leaf.pem", leaf.certificate)
        try daemon.directory.write("chain.pem", leaf.certificate + "\n" + issuing)
        let verified = try Self.run(
            ["chain", path("root.pem"), path("leaf.pem"), path("issuing.pem")], daemon.token)
        #expect(
            verified.status == 0 && verified.output.contains("3 certificates verify"), "\(verified.errors)")
        let incomplete = try Self.run(["chain", path("root.pem"), path("leaf.pem")], daemon.token)
        #expect(incomplete.status == 1 && incomplete.errors.contains("does not verify"))
        let handshake = ["handshake", path("root.pem"), path("chain.pem"), path("leaf.key")]
        let served = try Self.run(handshake + ["service.example.com"], daemon.token)
        #expect(served.status == 0, "\(served.errors)")
        let other = try Self.run(handshake + ["other.example.com"], daemon.token)
        #expect(other.status == 1 && other.errors.contains("ostname mismatch"), "\(other.errors)")
    }
}
