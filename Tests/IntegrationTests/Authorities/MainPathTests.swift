import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// The main path, with a real daemon, token, database and socket.
struct MainPathTests {
    struct Algorithms: Sendable, CustomTestStringConvertible {
        let key: String
        let signing: String
        let shown: String
        var testDescription: String { "\(key) with \(signing)" }
    }

    static let algorithms = [
        Algorithms(key: "EC_prime256v1", signing: "SHA256WITHECDSA", shown: "ecdsa-with-SHA256"),
        Algorithms(key: "EC_secp384r1", signing: "SHA384WITHECDSA", shown: "ecdsa-with-SHA384"),
        Algorithms(key: "EC_secp521r1", signing: "SHA512WITHECDSA", shown: "ecdsa-with-SHA512"),
        Algorithms(key: "RSA_2048", signing: "SHA256WITHRSA", shown: "sha256WithRSAEncryption"),
        Algorithms(key: "RSA_4096", signing: "SHA512WITHRSA", shown: "sha512WithRSAEncryption"),
    ]

    @Test(arguments: algorithms)
    func `external verifiers accept what a hierarchy of each key algorithm issues`(_ entry: Algorithms)
        async throws
    {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot(entry.key, entry.signing)
            let subordinate = try await client.createAuthority("SUBORDINATE", commonName: "Issuing")
            try await client.activate(
                subordinate, by: root, template: "SubordinateCACertificate_PathLen0/V1",
                signingAlgorithm: entry.signing)
            let leaf = try await client.issue(try OpenSSLRequest.make(), by: subordinate)
            #expect(ExternalVerifiers.blocks(leaf.certificateChain ?? "").count == 2)
            #expect(leaf.certificateChain?.hasSuffix("-----END CERTIFICATE-----") == true)
            let openssl = try ExternalVerifiers.openssl(leaf)
            #expect(openssl.status == 0, "\(openssl.output)\(openssl.errors)")
            let certtool = try ExternalVerifiers.certtool(leaf)
            #expect(certtool.status == 0, "\(certtool.output)\(certtool.errors)")
            let subordinateText = try ExternalVerifiers.text(
                ExternalVerifiers.blocks(leaf.certificateChain ?? "")[0])
            #expect(subordinateText.contains("Signature Algorithm: \(entry.shown)"))
            #expect(subordinateText.contains("CA:TRUE, pathlen:0"))
        }
        #expect(daemon.stop() == 0)
    }

    @Test func `boto3 with its own service model completes the main path`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let script = "\(Products.root)/Tests/IntegrationTests/Python/main_path.py"
        let result = try Command.run(Products.python, [script, daemon.socketPath])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("passed"))
    }

    @Test func `a root serves its own certificate before the import, and it has no chain`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.createAuthority("ROOT", commonName: "Root")
            let csr = try await client.call(
                GetCertificateAuthorityCsrOperation.self, .init(certificateAuthorityArn: root)
            ).csr
            #expect(
                try Command.run("openssl", ["req", "-noout", "-verify"], input: Data(csr.utf8)).status == 0)
            let own = try await client.issue(csr, by: root, template: "RootCACertificate/V1", days: 365)
            #expect(own.certificateChain == nil)
            #expect(try ExternalVerifiers.openssl(own).status == 0)
        }
    }

    @Test func `the same idempotency token gets the same certificate`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let csr = try OpenSSLRequest.make()
            func issue(_ token: String, days: Int64) async throws -> String {
                var input = IssueCertificateOperation.Input(
                    certificateAuthorityArn: root, csr: Blob(csr.utf8), signingAlgorithm: "SHA256WITHECDSA",
                    templateArn: nil, validity: .init(value: days, type: "DAYS"))
                input.idempotencyToken = token
                return try await client.call(IssueCertificateOperation.self, input).certificateArn
            }
            let first = try await issue("t1", days: 5)
            #expect(try await issue("t1", days: 5) == first)
            #expect(try await issue("t2", days: 5) != first)
            let error = await #expect(throws: APIClientError.self) { try await issue("t1", days: 6) }
            #expect(error?.description.contains("InvalidArgsException") == true)
        }
    }

    @Test func `authorities are listed in pages`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            var made: [String] = []
            for index in 0..<5 {
                made.append(try await client.createAuthority("ROOT", commonName: "R\(index)"))
            }
            var listed: [String] = []
            var token: String?
            repeat {
                let page = try await client.call(
                    ListCertificateAuthoritiesOperation.self, .init(maxResults: 2, nextToken: token))
                #expect(page.certificateAuthorities.count <= 2)
                listed += page.certificateAuthorities.map(\.arn)
                token = page.nextToken
            } while token != nil
            #expect(listed == made)
            for token in ["nonsense", "MTExMTExMTEtMTExMS0xMTExLTExMTEtMTExMTExMTExMTEx"] {
                let error = await #expect(throws: APIClientError.self) {
                    try await client.call(ListCertificateAuthoritiesOperation.self, .init(nextToken: token))
                }
                #expect(error?.description.hasPrefix("InvalidNextTokenException") == true)
            }
        }
    }

    @Test func `a restarted daemon continues with the same authorities`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        #expect(daemon.stop() == 0)
        #expect(!FileManager.default.fileExists(atPath: daemon.socketPath))
        try daemon.start()
        try await daemon.client { client in
            let leaf = try await client.issue(try OpenSSLRequest.make(), by: root)
            #expect(try ExternalVerifiers.openssl(leaf).status == 0)
        }
    }

    @Test func `many simultaneous clients get certificates with different serial numbers`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let csr = try OpenSSLRequest.make()
            let serials = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        let leaf = try await client.issue(csr, by: root)
                        return try Command.output(
                            "openssl", ["x509", "-noout", "-serial"], input: Data(leaf.certificate.utf8))
                    }
                }
                var serials: Set<String> = []
                for try await serial in group { serials.insert(serial) }
                return serials
            }
            #expect(serials.count == 40)
        }
    }
}
