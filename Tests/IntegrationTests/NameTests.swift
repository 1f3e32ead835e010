import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Names, from requests to certificates, over the real wire; OpenSSL, GnuTLS, pyca/cryptography and pkilint judge what is
/// issued.
struct NameTests {
    private static func python(_ arguments: [String]) throws -> Command {
        try Command.run(
            Products.python, ["\(Products.root)/Tests/IntegrationTests/Python/names.py"] + arguments)
    }

    @Test func `unusual names that are right are issued, and outside judges read them`() async throws {
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
                let verified = try Judges.openssl(issued)
                #expect(verified.status == 0, "\(request): \(verified.errors)")
                #expect(try Judges.certtool(issued).status == 0, "\(request)")
                try directory.write("\(request).pem", issued.certificate)
                files.append(directory.path("\(request).pem"))
                let lint = try daemon.signet(["lint", directory.path("\(request).pem")])
                #expect(lint.status == 0, "\(lint.output)")
            }
            let judged = try Self.python(["judge"] + files)
            #expect(judged.status == 0, "\(judged.errors)")
        }
    }

    @Test func `requests of others that no parser reads are refused, and the log has one event of each`()
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
    func `an authority's own name, and one of ApiPassthrough, hold no controls`(_ text: String) async throws {
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
            // Nothing was made.
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

    @Test func `directory names are constrained in any order of attributes`() async throws {
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
            // Names as Go writes them, with the locality before the state, and the organization's unit behind both.
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
                let verified = try Judges.openssl(issued)
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
            // By domain components, which the API has no member for.
            #expect(try create("Sub 2", "DC=ad,DC=example").status == 0)
            // What reads like a name from its beginning on would constrain others.
            let reversed = try create("Sub 3", "C=SE,O=Example")
            #expect(reversed.status != 0 && reversed.errors.contains("/C=SE/O=Example"), "\(reversed.errors)")
            let unknown = try create("Sub 4", "/XY=a")
            #expect(unknown.status != 0 && unknown.errors.contains("`XY` is not known"), "\(unknown.errors)")
        }
    }
}
