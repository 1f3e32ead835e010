import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Names from requests in the certificates that a real daemon issues. OpenSSL, GnuTLS, pyca/cryptography and
/// pkilint verify them.
struct NameTests {
    private static func python(_ arguments: [String]) throws -> Command {
        try Command.run(
            Products.python, ["\(Products.root)/Tests/IntegrationTests/Python/names.py"] + arguments)
    }

    @Test func `unusual but valid names are issued, and external verifiers read them`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let directory = try TemporaryDirectory()
        try Self.python(["make", directory.path("")]).require()
        let requests = try FileManager.default.contentsOfDirectory(atPath: directory.path("")).sorted()
        #expect(requests.count == 7)
        try await daemon.client { client in
            let root = try await client.activeRoot()
            var files: [String] = []
            for request in requests {
                let issued = try await client.issue(try directory.text(request), by: root)
                let verified = try ExternalVerifiers.openssl(issued)
                #expect(verified.status == 0, "\(request): \(verified.errors)")
                #expect(try ExternalVerifiers.certtool(issued).status == 0, "\(request)")
                try directory.write("\(request).pem", issued.certificate)
                files.append(directory.path("\(request).pem"))
                let lint = try daemon.signet(["lint", directory.path("\(request).pem")])
                // AWS's template requires keyEncipherment, which an elliptic-curve key cannot do. The names
                // have no finding.
                let findings = lint.output.split(separator: "\n").filter { !$0.contains("keyEncipherment") }
                #expect(findings.isEmpty, "\(lint.output)")
            }
            let findings = try Self.python(["judge"] + files)
            #expect(findings.status == 0, "\(findings.errors)")
        }
    }

    @Test func `malformed requests are refused, and each leaves one event in the log`()
        async throws
    {
        let daemon = try Daemon()
        try daemon.start()
        let cases = "\(Products.root)/Tests/Cases"
        try await daemon.client { client in
            let root = try await client.activeRoot()
            for folder in ["02-strings-that-are-none", "03-empty-rdn", "05-nul-in-common-name"] {
                for file in try FileManager.default.contentsOfDirectory(atPath: "\(cases)/\(folder)").sorted()
                where file != "1204-cn.csr" {
                    let csr = try String(contentsOfFile: "\(cases)/\(folder)/\(file)", encoding: .utf8)
                    let before = try daemon.events().count
                    let error = await #expect(throws: APIClientError.self, "\(file)") {
                        try await client.issue(csr, by: root)
                    }
                    #expect(
                        error?.description.hasPrefix("MalformedCSRException: the CSR's subject") == true,
                        "\(file): \(String(describing: error))")
                    #expect(try daemon.events().count == before + 1, "\(file)")
                }
            }
        }
    }

    @Test(arguments: [
        "\u{1B}[2KExample", "www.evil.test\0", "a\nb", "a\u{7F}", "a\u{9B}", "a\u{202E}b", "a\u{2028}b",
        "a\u{FEFF}",
    ])
    func `an authority's own name and a name in ApiPassthrough must not contain control characters`(
        _ text: String
    ) async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            func expect(_ body: () async throws -> Void) async {
                let error = await #expect(throws: APIClientError.self) { try await body() }
                #expect(
                    error?.description.hasPrefix("InvalidArgsException: ") == true
                        && error?.description.contains("which no name may hold") == true,
                    "\(String(describing: error))")
            }
            await expect { _ = try await client.createAuthority("ROOT", commonName: text) }
            await expect {
                _ = try await client.createAuthority("ROOT", commonName: "a") { input in
                    var subject = ASN1Subject()
                    subject.customAttributes = [.init(objectIdentifier: "1.3.6.1.4.1.99999.1", value: text)]
                    input.certificateAuthorityConfiguration.subject = subject
                }
            }
            // No authority was created.
            let list = try await client.call(ListCertificateAuthoritiesOperation.self, .init())
            #expect(list.certificateAuthorities.isEmpty)
            let root = try await client.activeRoot()
            await expect {
                _ = try await client.issue(
                    try OpenSSLRequest.make(), by: root, template: "EndEntityCertificate_APIPassthrough/V1"
                ) { input in
                    var subject = ASN1Subject()
                    subject.commonName = text
                    input.apiPassthrough = ApiPassthrough(extensions: nil, subject: subject)
                }
            }
        }
    }

    @Test func `constraints on directory names match attributes in any order`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            func create(_ commonName: String, _ base: String) throws -> Command {
                try daemon.signet([
                    "ca", "create", "--subordinate", "--activate", "--parent", root, "--subject",
                    "CN=\(commonName)",
                    "--permit-directory", base,
                ])
            }
            // Names as Go encodes them, with the locality before the state and the organizational unit last.
            for (index, base) in ["/C=SE/O=Example/L=Lund/ST=Skane", "ST=Skane,L=Lund,O=Example,C=SE"]
                .enumerated()
            {
                let made = try create("Sub \(index)", base)
                #expect(made.status == 0, "\(made.errors)")
                let text = made.output
                let arn = try #require(text.firstMatch(of: /arn:aws:acm-pca:[^"\s]+/)).output
                let inside = try OpenSSLRequest.make(
                    subject: "/C=SE/O=Example/L=Lund/ST=Skane/CN=web", names: "DNS:a.example")
                let issued = try await client.issue(inside, by: String(arn))
                let verified = try ExternalVerifiers.openssl(issued)
                #expect(verified.status == 0, "\(verified.errors)")
                for subject in [
                    "/C=SE/O=Example/ST=Skane/L=Lund/CN=web", "/C=SE/O=Other/L=Lund/ST=Skane/CN=web",
                ] {
                    let outside = try OpenSSLRequest.make(subject: subject, names: "DNS:a.example")
                    let error = await #expect(throws: APIClientError.self) {
                        try await client.issue(outside, by: String(arn))
                    }
                    #expect(
                        error?.description.contains("directory name not found in a permitted subtree") == true
                    )
                }
            }
            // Names of domain components, for which the API has no member.
            #expect(try create("Sub 2", "DC=ad,DC=example").status == 0)
            // A name that only looks like a prefix would constrain other names.
            let reversed = try create("Sub 3", "C=SE,O=Example")
            #expect(reversed.status != 0 && reversed.errors.contains("/C=SE/O=Example"), "\(reversed.errors)")
            let unknown = try create("Sub 4", "/XY=a")
            #expect(unknown.status != 0 && unknown.errors.contains("`XY` is not known"), "\(unknown.errors)")
        }
    }

    struct Constrained: Sendable, CustomTestStringConvertible {
        let subject: String
        let names: String?
        var testDescription: String { "\(subject) \(names ?? "")" }
    }

    static let inside = [
        Constrained(subject: "/CN=www.example.test", names: nil),
        Constrained(subject: "/CN=Alice Example", names: "IP:192.0.2.1"),
        Constrained(subject: "/CN=O'Neill & Sons (Nordic)", names: "email:a@example.test"),
        Constrained(subject: "/CN=web-1", names: "DNS:web-1.example.test,IP:192.0.2.1"),
        Constrained(subject: "/CN=192.0.2.1", names: "DNS:a.example.test,IP:192.0.2.1"),
        Constrained(subject: "/CN=a@example.test", names: "email:a@example.test"),
    ]

    static let outside = [
        Constrained(subject: "/CN=evil.test", names: "IP:192.0.2.1"),
        Constrained(subject: "/CN=evil.test", names: "email:a@example.test"),
        Constrained(subject: "/CN=192.0.2.1", names: "IP:192.0.2.1"),
        Constrained(subject: "/CN=0x7f.0.0.1", names: nil),
        Constrained(subject: "/CN=www.evil.test ", names: nil),
        Constrained(subject: "/CN= www.evil.test", names: nil),
        Constrained(subject: "/CN=https:\\/\\/www.evil.test\\/", names: nil),
        Constrained(subject: "/CN=www\u{3002}evil\u{3002}test", names: nil),
        Constrained(subject: "/CN=a", names: "email:BOSS@example.test"),
        Constrained(subject: "/CN=a", names: "email:boss@EXAMPLE.test"),
        Constrained(subject: "/CN=a", names: "email:a@evil.test"),
    ]

    @Test func `OpenSSL verifies every certificate issued below constraints, and names outside are refused`()
        async throws
    {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let made = try daemon.signet([
                "ca", "create", "--subordinate", "--activate", "--parent", root, "--subject",
                "CN=Constrained",
                "--permit-dns", "example.test", "--permit-ip", "192.0.2.0/24", "--permit-email",
                "example.test",
                "--exclude-email", "boss@example.test",
            ])
            let arn = String(try #require(made.output.firstMatch(of: /arn:aws:acm-pca:[^"\s]+/)).output)
            for entry in Self.inside {
                let csr = try OpenSSLRequest.make(subject: entry.subject, names: entry.names)
                let verified = try ExternalVerifiers.openssl(try await client.issue(csr, by: arn))
                #expect(verified.status == 0, "\(entry): \(verified.errors)")
            }
            for entry in Self.outside {
                let directory = try TemporaryDirectory()
                let csr = try Command.output(
                    "openssl",
                    [
                        "req", "-new", "-utf8", "-nodes", "-keyout", directory.path("key"), "-subj",
                        entry.subject,
                        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    ] + (entry.names.map { ["-addext", "subjectAltName=\($0)"] } ?? []))
                let error = await #expect(throws: APIClientError.self, "\(entry)") {
                    try await client.issue(csr, by: arn)
                }
                #expect(
                    error?.description.hasPrefix("InvalidArgsException: Name Constraints violation: ")
                        == true,
                    "\(entry): \(String(describing: error))")
            }
        }
    }
}
