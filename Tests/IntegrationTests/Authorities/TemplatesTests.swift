import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// The content of certificates, checked by external verifiers.
struct TemplatesTests {
    private static func python(_ script: String, _ arguments: [String]) throws -> Command {
        try Command.run(
            Products.python, ["\(Products.root)/Tests/IntegrationTests/Python/\(script)"] + arguments)
    }

    @Test(arguments: ["EC_prime256v1", "EC_secp384r1", "RSA_2048"])
    func `each of the 61 templates issues the extensions that the reference lists`(_ keyAlgorithm: String)
        throws
    {
        let daemon = try Daemon()
        try daemon.start()
        let result = try Self.python("templates.py", [daemon.socketPath, keyAlgorithm])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("passed 61"))
    }

    @Test func `every limit of the API's model is enforced, and the refusal names it`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            try daemon.directory.write("a.csr", try OpenSSLRequest.make())
            let result = try Self.python(
                "limits.py", [daemon.socketPath, daemon.directory.path("a.csr"), root])
            #expect(result.status == 0, "\(result.output)\(result.errors)")
            #expect(result.output.contains("passed"))
        }
    }

    @Test func `a custom template is listed and shown, and its rules are enforced`() throws {
        let daemon = try Daemon(
            tokens: "issuance: {templates: [internal.yaml], backdate-minutes: 5}")
        try daemon.directory.write(
            "internal.yaml",
            """
            name: Internal
            version: 2
            for: end-entity
            key-usage: [digitalSignature]
            extended-key-usage: [serverAuth]
            longest-validity: [{days: 10}]
            names: {required: true, dns: ["**.example.com"]}
            """)
        try daemon.start()
        let arn = "arn:aws:acm-pca:us-local-1:000000000000:template/Internal/V2"
        let list = try daemon.signet(["template", "list"]).output
        #expect(list.split(separator: "\n").count == 63, "a header, AWS's 61, and one")
        #expect(list.contains("Internal/V2"))
        let shown = try daemon.signet(["template", "show", "Internal/V2"]).output
        for text in [arn, "CA:FALSE", "keyUsage (critical)", "at most 10 days", "dns names: **.example.com"] {
            #expect(shown.contains(text), "\(shown)")
        }
        let none = try daemon.signet(["template", "show", "Nothing/V1"])
        #expect(none.status == 66)
        #expect(none.errors.contains("hint: `signet template list`"))

        let ca = try daemon.signet(["ca", "create", "--root", "--subject", "CN=Root", "--activate"]).output
            .trimmingCharacters(in: .newlines)
        try daemon.directory.write("a.csr", try OpenSSLRequest.make())
        try daemon.directory.write("b.csr", try OpenSSLRequest.make(names: "DNS:evil.test"))
        func issue(_ csr: String, days: String) throws -> Command {
            try daemon.signet([
                "certificate", "issue", "--ca", ca, "--csr", daemon.directory.path(csr), "--template",
                "Internal/V2", "--days", days,
            ])
        }
        let issued = try issue("a.csr", days: "10")
        #expect(issued.status == 0, "\(issued.errors)")
        let dates = try ExternalVerifiers.dates(issued.output)
        // Ten days, plus the five minutes of the configuration.
        #expect(dates.notAfter.timeIntervalSince(dates.notBefore) == 10 * 86_400 + 300)
        #expect(try issue("a.csr", days: "11").errors.contains("InvalidArgsException") == false)
        #expect(try issue("a.csr", days: "11").errors.contains("issues for at most 10 days"))
        #expect(try issue("b.csr", days: "5").errors.contains("DNS:evil.test is not one it allows"))
        // An authority can have its own backdating.
        #expect(daemon.stop() == 0)
        let yaml = try daemon.directory.text("signetd.yaml")
        try daemon.directory.write(
            "signetd.yaml",
            yaml.replacing(
                "backdate-minutes: 5", with: "authorities: [{arn: \"\(ca)\", backdate-minutes: 2}]"))
        try daemon.start()
        let own = try ExternalVerifiers.dates(try issue("a.csr", days: "10").output)
        #expect(own.notAfter.timeIntervalSince(own.notBefore) == 10 * 86_400 + 120)
        // The policy is evaluated for the template's own ARN.
        let details = try daemon.events().last { $0["eventName"] as? String == "IssueCertificateDetails" }
        #expect("\(String(describing: details))".contains(arn))
    }

    @Test func `options set name constraints, and a violation is refused before signing`() throws {
        let daemon = try Daemon()
        try daemon.start()
        func create(_ arguments: [String]) throws -> String {
            let result = try daemon.signet(["ca", "create"] + arguments + ["--activate"])
            #expect(result.status == 0, "\(result.errors)")
            return result.output.trimmingCharacters(in: .newlines)
        }
        let root = try create(["--root", "--subject", "CN=Root"])
        let middle = try create([
            "--subordinate", "--subject", "CN=Middle", "--parent", root, "--path-length", "1", "--permit-dns",
            "example.com", "--exclude-dns", "secret.example.com", "--permit-ip", "10.0.0.0/8",
            "--permit-email", "example.com", "--permit-uri", ".example.com", "--exclude-ip", "10.9.0.0/16",
        ])
        let issuing = try create(["--subordinate", "--subject", "CN=Issuing", "--parent", middle])
        let text = try ExternalVerifiers.text(try daemon.signet(["ca", "certificate", middle]).output)
        for line in [
            "X509v3 Name Constraints: critical", "DNS:example.com", "IP:10.0.0.0/255.0.0.0",
            "email:example.com", "URI:.example.com",
        ] { #expect(text.contains(line), "\(text)") }

        func issue(_ names: String) throws -> Command {
            try daemon.directory.write("a.csr", try OpenSSLRequest.make(subject: "/CN=Service", names: names))
            return try daemon.signet([
                "certificate", "issue", "--ca", issuing, "--csr", daemon.directory.path("a.csr"), "--days",
                "5", "--chain",
            ])
        }
        let good = try issue("DNS:a.example.com,IP:10.1.2.3,email:a@example.com,URI:https://b.example.com/")
        #expect(good.status == 0, "\(good.errors)")
        let blocks = ExternalVerifiers.blocks(good.output)
        let output = CertificateOutput(
            certificate: try #require(blocks.first),
            certificateChain: blocks.dropFirst().joined(separator: "\n"))
        let openssl = try ExternalVerifiers.openssl(output)
        #expect(openssl.status == 0, "\(openssl.output)\(openssl.errors)")
        let certtool = try ExternalVerifiers.certtool(output)
        #expect(certtool.status == 0, "\(certtool.output)\(certtool.errors)")
        // The verifiers also reject it below another root of the same name.
        let foreign = try daemon.signet([
            "ca", "certificate", try create(["--root", "--subject", "CN=Root"]),
        ])
        let strange = CertificateOutput(
            certificate: output.certificate,
            certificateChain: (blocks.dropFirst().dropLast() + [foreign.output]).joined(separator: "\n"))
        #expect(try ExternalVerifiers.openssl(strange).status != 0)
        #expect(try ExternalVerifiers.certtool(strange).status != 0)

        let before = try daemon.events().count
        for (names, reason) in [
            ("DNS:a.example.org", "DNS name not found in a permitted subtree."),
            ("DNS:x.secret.example.com", "DNS name found in an excluded subtree."),
            ("DNS:*.example.com", "DNS name found in an excluded subtree."),
            ("IP:10.9.0.1", "IP address found in an excluded subtree."),
            ("IP:192.0.2.1", "IP address not found in a permitted subtree."),
            ("email:a@example.org", "email address not found in a permitted subtree."),
            ("URI:https://evil.test/", "URI not found in a permitted subtree."),
        ] {
            let refused = try issue(names)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("Name Constraints violation: \(reason)"), "\(refused.errors)")
        }
        // Only the refusals are in the log: no intent, no signature.
        let events = try daemon.events().dropFirst(before)
        #expect(events.allSatisfy { ($0["eventName"] as? String) != "SignatureIntent" })
        #expect(events.filter { $0["errorCode"] as? String == "InvalidArgsException" }.count == 7)

        // Constraints are for authorities, and each must be enforceable.
        for (arguments, reason) in [
            (["--permit-dns", "example.com"], "is not for certificate authorities"),
            (["--permit-ip", "10.0.0.1/8"], "is not a range"), (["--permit-dns", "*.a"], "is not one"),
            (["--exclude-uri", "https://a"], "neither a host nor a domain"),
        ] {
            let isTemplate = reason.contains("authorities")
            let refused = try daemon.signet(
                [
                    "certificate", "issue", "--ca", root, "--csr", daemon.directory.path("a.csr"), "--days",
                    "5", "--template",
                    isTemplate ? "EndEntityCertificate/V1" : "SubordinateCACertificate_PathLen0/V1",
                ] + arguments)
            #expect(refused.status == 1)
            #expect(refused.errors.contains(reason), "\(refused.errors)")
        }
    }

    @Test func `requested extensions that a certificate does not get are logged`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            var passthrough = ApiPassthrough()
            passthrough.extensions = ExtensionsShape()
            passthrough.extensions?.subjectAlternativeNames = [GeneralNameShape(dnsName: "b.example.com")]
            _ = try await client.issue(try OpenSSLRequest.make(), by: root) {
                $0.apiPassthrough = passthrough
            }
            let details = try daemon.events().last { $0["eventName"] as? String == "IssueCertificateDetails" }
            #expect(
                "\(String(describing: details))".contains(
                    "ApiPassthrough (SubjectAlternativeNames): the template EndEntityCertificate/V1 takes none"
                ))
        }
    }

    struct Refusal: Sendable {
        let passthrough: @Sendable (inout ExtensionsShape) -> Void
        let message: String
    }

    static let refusals: [Refusal] = [
        Refusal(
            passthrough: {
                $0.customExtensions = [
                    .init(objectIdentifier: "1.2.3.4", value: "BQ==")
                ]
            }, message: "Extensions.CustomExtensions[0]: the Value of 1.2.3.4 is not the DER of one value"),
        Refusal(
            passthrough: {
                var usage = KeyUsageShape()
                usage.digitalSignature = true
                $0.keyUsage = usage
                $0.customExtensions = [.init(objectIdentifier: "2.5.29.15", value: "AwIHgA==")]
            }, message: "ApiPassthrough has the extension 2.5.29.15 twice"),
        Refusal(
            passthrough: {
                var name = GeneralNameShape(dnsName: "a.example")
                name.ipAddress = "10.0.0.1"
                $0.subjectAlternativeNames = [name]
            }, message: "a GeneralName has exactly one of its members"),
        Refusal(
            passthrough: {
                var name = GeneralNameShape()
                name.ipAddress = "10.0.0.256"
                $0.subjectAlternativeNames = [name]
            }, message: "`10.0.0.256` is not an IP address"),
        Refusal(
            passthrough: { $0.subjectAlternativeNames = [GeneralNameShape(dnsName: "bücher.example")] },
            message: "holds characters that are not ASCII"),
        Refusal(
            passthrough: { $0.extendedKeyUsage = [.init(type: "SERVER_AUTH", objectIdentifier: "1.2.3")] },
            message: "give either ExtendedKeyUsageType or ExtendedKeyUsageObjectIdentifier"),
        Refusal(
            passthrough: {
                $0.extendedKeyUsage = [.init(type: "SERVER_AUTH"), .init(type: "SERVER_AUTH")]
            }, message: "a usage is there twice"),
        Refusal(
            passthrough: {
                var usage = KeyUsageShape()
                usage.keyCertSign = true
                $0.keyUsage = usage
            }, message: "has keyCertSign in a certificate that is not for a certificate authority"),
        Refusal(
            passthrough: { $0.customExtensions = [.init(objectIdentifier: "2.5.29.30", value: "MAA=")] },
            message: "stands in a certificate that is not for a certificate authority"),
    ]

    @Test func `an ApiPassthrough that cannot form a certificate is refused with the reason`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let csr = try OpenSSLRequest.make()
            for refusal in Self.refusals {
                let error = await #expect(throws: APIClientError.self, "\(refusal.message)") {
                    try await client.issue(
                        csr, by: root, template: "BlankEndEntityCertificate_APIPassthrough/V1"
                    ) {
                        var extensions = ExtensionsShape()
                        refusal.passthrough(&extensions)
                        $0.apiPassthrough = ApiPassthrough(extensions: extensions)
                    }
                }
                guard case .service(let type, let message, _)? = error else {
                    Issue.record("\(refusal.message): \(String(describing: error))")
                    continue
                }
                #expect(type == "InvalidArgsException", "\(message)")
                #expect(message.contains(refusal.message), "\(message)")
            }
        }
    }

    @Test func `CsrExtensions are in the CSR and in the description of the authority`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            var usage = KeyUsageShape()
            usage.keyCertSign = true
            usage.cRLSign = true
            var repository = GeneralNameShape()
            repository.uniformResourceIdentifier = "rsync://rpki.example.com/repository"
            let asked = CsrExtensions(
                keyUsage: usage,
                subjectInformationAccess: [
                    .init(accessMethod: .init(type: "CA_REPOSITORY"), accessLocation: repository)
                ])
            let arn = try await client.createAuthority("SUBORDINATE", commonName: "RPKI") {
                $0.certificateAuthorityConfiguration.csrExtensions = asked
            }
            let csr = try await client.call(
                GetCertificateAuthorityCsrOperation.self, .init(certificateAuthorityArn: arn)
            ).csr
            let text = try Command.output(
                "openssl", ["req", "-noout", "-text", "-verify"], input: Data(csr.utf8))
            #expect(text.contains("X509v3 Key Usage: critical"))
            #expect(text.contains("Certificate Sign, CRL Sign"))
            #expect(text.contains("CA Repository - URI:rsync://rpki.example.com/repository"))
            let described = try await client.call(
                DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: arn)
            ).certificateAuthority.certificateAuthorityConfiguration.csrExtensions
            #expect(described?.subjectInformationAccess == asked.subjectInformationAccess)
            #expect(described?.keyUsage?.keyCertSign == true)
            #expect(described?.keyUsage?.digitalSignature == false)
        }
    }

    @Test func `certificate show prints a certificate, and certificate lint accepts foreign ones`() throws {
        let daemon = try Daemon()
        try daemon.start()
        let ca = try daemon.signet(["ca", "create", "--root", "--subject", "CN=Root,O=Example", "--activate"])
            .output.trimmingCharacters(in: .newlines)
        let shown = try daemon.signet(["certificate", "show", ca]).output
        for text in [
            "CN=Root,O=Example", "EC_prime256v1", "ecdsaWithSHA256", "days left",
            "basicConstraints (critical)", "CA:TRUE", "keyCertSign, cRLSign",
        ] { #expect(shown.contains(text), "\(shown)") }
        let pem = try daemon.signet(["ca", "certificate", ca]).output
        try daemon.directory.write("root.pem", pem)
        #expect(
            try daemon.signet(["certificate", "show", daemon.directory.path("root.pem")]).output == shown)
        let json = try daemon.signet(["certificate", "show", ca, "--json"]).output
        #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) is [Any])
        let clean = try daemon.signet(["lint", daemon.directory.path("root.pem")])
        #expect(clean.status == 0, "\(clean.output)")
        #expect(clean.output == "no findings\n")

        let bad = try Command.output(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=a",
                "-addext", "basicConstraints=CA:TRUE",
            ])
        try daemon.directory.write("bad.pem", bad)
        let findings = try daemon.signet(["lint", daemon.directory.path("bad.pem")])
        #expect(findings.status == 1)
        #expect(findings.output.contains("RFC 5280, section"), "\(findings.output)")
        try daemon.directory.write("none.pem", "nothing")
        for command in [["lint"], ["certificate", "show"]] {
            let none = try daemon.signet(command + [daemon.directory.path("none.pem")])
            #expect(none.status == 64)
            #expect(none.errors.contains("holds no certificate"), "\(none.errors)")
        }
    }
}
