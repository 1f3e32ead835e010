import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Requests that must be refused over the real wire. The daemon answers with the API's error and continues to
/// serve.
struct BadInputTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var csr: @Sendable () throws -> String = { try OpenSSLRequest.make() }
        var change: @Sendable (inout IssueCertificateOperation.Input) -> Void = { _ in }
        let type: String
        let message: String
    }

    static let refusals = [
        Refusal(
            testDescription: "a CSR that is not PEM", csr: { "not a request" }, type: "MalformedCSRException",
            message: "has no PEM block labelled CERTIFICATE REQUEST"),
        Refusal(
            testDescription: "a CSR that does not parse",
            csr: { "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----" },
            type: "MalformedCSRException", message: "does not parse"),
        Refusal(
            testDescription: "a CSR with a wrong signature", csr: { try BadInputTests.forgedRequest() },
            type: "MalformedCSRException", message: "signature does not verify"),
        Refusal(
            testDescription: "a CSR with a weak key", csr: { try OpenSSLRequest.make(key: ["rsa:1024"]) },
            type: "MalformedCSRException", message: "weak: RSA with 1024 bits"),
        Refusal(
            testDescription: "a CSR with an unsupported key",
            csr: { try OpenSSLRequest.make(key: ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"]) },
            type: "MalformedCSRException", message: "not supported"),
        Refusal(
            testDescription: "a CSR without subject and with names that are not critical",
            csr: { try OpenSSLRequest.make(subject: "/") }, type: "MalformedCSRException",
            message: "CSR must mark the SAN extension critical when it has an empty subject"),
        Refusal(
            testDescription: "an authority that does not exist",
            change: {
                $0.certificateAuthorityArn =
                    "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/00000000-0000-0000-0000-000000000000"
            }, type: "ResourceNotFoundException", message: "Could not find the certificate authority"),
        Refusal(
            testDescription: "an authority of another account",
            change: {
                $0.certificateAuthorityArn = $0.certificateAuthorityArn.replacing(
                    "000000000000", with: "999999999999")
            }, type: "AccessDeniedException", message: "because no resource-based policy allows"),
        Refusal(
            testDescription: "an ARN of another type",
            change: { $0.certificateAuthorityArn = "arn:aws:acm-pca:us-local-1:000000000000:other/x" },
            type: "InvalidArnException", message: "is not an ARN of the kind"),
        Refusal(
            testDescription: "a malformed ARN", change: { $0.certificateAuthorityArn = "not-an-arn" },
            type: "ValidationException", message: "at 'certificateAuthorityArn' failed to satisfy constraint"),
        Refusal(
            testDescription: "an attribute in a string type that cannot encode it",
            change: {
                $0.templateArn =
                    "arn:aws:acm-pca:::template/BlankEndEntityCertificate_APIPassthrough/V1"
                var subject = ASN1Subject()
                subject.customAttributes = [
                    .init(objectIdentifier: "2.5.4.3", value: "a"),
                    .init(objectIdentifier: "0.9.2342.19200300.100.1.25", value: "exämple"),
                ]
                $0.apiPassthrough = ApiPassthrough(subject: subject)
            }, type: "InvalidArgsException",
            message: "the attribute DC is an IA5String, which cannot hold its octet 3"),
        Refusal(
            testDescription: "an unknown template",
            change: { $0.templateArn = "arn:aws:acm-pca:::template/No/V1" },
            type: "InvalidArgsException", message: "does not exist"),
        Refusal(
            testDescription: "a validity beyond the issuer's", change: { $0.validity.value = 3651 },
            type: "ValidationException", message: "longer than its certificate authority"),
        Refusal(
            testDescription: "no validity", change: { $0.validity.value = 0 },
            type: "ValidationException",
            message:
                "1 validation error detected: Value '0' at 'validity.value' failed to satisfy constraint: "
                + "Member must have value greater than or equal to 1"),
        Refusal(
            testDescription: "an unknown type of validity", change: { $0.validity.type = "WEEKS" },
            type: "ValidationException", message: "Member must satisfy enum value set"),
        Refusal(
            testDescription: "an algorithm of another kind of key",
            change: { $0.signingAlgorithm = "SHA256WITHRSA" },
            type: "InvalidArgsException",
            message: "Signing algorithm SHA256WITHRSA cannot be used with key type EC_prime256v1."),
        Refusal(
            testDescription: "an idempotency token that is too long",
            change: { $0.idempotencyToken = String(repeating: "x", count: 37) }, type: "ValidationException",
            message: "Member must have length less than or equal to 36"),
    ]

    @Test
    func `a request that cannot be issued is refused with the API's error, logged, and changes nothing`()
        async throws
    {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let before = try certificates(daemon)
            for refusal in Self.refusals {
                let csr = try refusal.csr()
                let error = await #expect(throws: APIClientError.self, "\(refusal.testDescription)") {
                    try await client.issue(csr, by: root, change: refusal.change)
                }
                guard case .service(let type, let message, let requestID)? = error else {
                    Issue.record("\(refusal.testDescription): \(String(describing: error))")
                    continue
                }
                #expect(type == refusal.type, "\(refusal.testDescription): \(message)")
                #expect(message.contains(refusal.message), "\(refusal.testDescription): \(message)")
                let event = try daemon.events().last
                #expect(event?["requestID"] as? String == requestID, "\(refusal.testDescription)")
                #expect(event?["errorCode"] as? String == type)
                #expect(event?["errorMessage"] as? String == message)
            }
            #expect(try certificates(daemon) == before)
            // The daemon continues to serve.
            _ = try await client.issue(try OpenSSLRequest.make(), by: root)
        }
    }

    private func certificates(_ daemon: Daemon) throws -> String {
        try Command.output(
            "sqlite3", [daemon.directory.path("signet.sqlite"), "SELECT count(*) FROM certificate"])
    }

    static func forgedRequest() throws -> String {
        let pem = try OpenSSLRequest.make(subject: "/CN=honest.example")
        let body = pem.components(separatedBy: "\n").dropFirst().dropLast(2).joined()
        var bytes = Array(Data(base64Encoded: body) ?? Data())
        let name = Array("honest".utf8)
        if let place = bytes.indices.first(where: { bytes[$0...].starts(with: name) }) {
            bytes.replaceSubrange(place..<(place + name.count), with: "forged".utf8)
        }
        return
            "-----BEGIN CERTIFICATE REQUEST-----\n\(Data(bytes).base64EncodedString(options: .lineLength64Characters))\n"
            + "-----END CERTIFICATE REQUEST-----\n"
    }

    @Test func `an operation that the authority's state does not allow is an InvalidStateException`()
        async throws
    {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let pending = try await client.createAuthority("SUBORDINATE", commonName: "Pending")
            func expect(_ message: String, _ body: () async throws -> Void) async {
                let error = await #expect(throws: APIClientError.self) { try await body() }
                #expect(
                    error?.description.hasPrefix("InvalidStateException: ") == true,
                    "\(String(describing: error))")
                #expect(error?.description.contains(message) == true, "\(String(describing: error))")
            }
            await expect("not in a valid state for issuing certificates") {
                _ = try await client.issue(try OpenSSLRequest.make(), by: pending)
            }
            await expect("is not in the correct state to have a certificate signing request.") {
                _ = try await client.call(
                    GetCertificateAuthorityCertificateOperation.self, .init(certificateAuthorityArn: pending))
            }
        }
    }

    @Test func `a certificate that does not belong to the authority is not imported`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let other = try await client.activeRoot()
            let subordinate = try await client.pendingSubordinate(of: root)
            let signed = subordinate.signed
            let leaf = try await client.issue(try OpenSSLRequest.make(), by: root)
            let strange = try await client.issue(
                try OpenSSLRequest.make(), by: root, template: "SubordinateCACertificate_PathLen0/V1")
            let otherRoot = try await client.call(
                GetCertificateAuthorityCertificateOperation.self, .init(certificateAuthorityArn: other))
            let attempts: [(String, String, String?, String)] = [
                ("MalformedCertificateException", "nonsense", nil, "Certificate has no PEM block"),
                (
                    "CertificateMismatchException", strange.certificate, strange.certificateChain,
                    "public key is not"
                ),
                (
                    "MalformedCertificateException", leaf.certificate, leaf.certificateChain,
                    "critical basicConstraints"
                ),
                ("CertificateMismatchException", signed.certificate, nil, "needs a CertificateChain"),
                ("CertificateMismatchException", signed.certificate, otherRoot.certificate, "did not sign"),
                (
                    "CertificateMismatchException", signed.certificate,
                    signed.certificate + "\n" + (signed.certificateChain ?? ""),
                    "must not hold the certificate itself"
                ),
                (
                    "MalformedCertificateException", signed.certificate, "nonsense",
                    "the CertificateChain has no PEM block"
                ),
            ]
            for (type, certificate, chain, message) in attempts {
                let error = await #expect(throws: APIClientError.self) {
                    try await client.importCertificate(certificate, chain, of: subordinate.arn)
                }
                #expect(error?.description.hasPrefix(type) == true, "\(String(describing: error))")
                #expect(error?.description.contains(message) == true, "\(String(describing: error))")
            }
            let described = try await client.call(
                DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: subordinate.arn))
            #expect(described.certificateAuthority.status == "PENDING_CERTIFICATE")
        }
    }

    @Test func `creating an authority with an unsupported feature is refused explicitly`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let attempts: [(String, (inout CreateCertificateAuthorityOperation.Input) -> Void)] = [
                ("InvalidArgsException", { $0.certificateAuthorityConfiguration.keyAlgorithm = "ML_DSA_65" }),
                ("InvalidArgsException", { $0.keyStorageSecurityStandard = "FIPS_140_2_LEVEL_3_OR_HIGHER" }),
                (
                    "InvalidArgsException",
                    {
                        $0.certificateAuthorityConfiguration.csrExtensions = CsrExtensions(
                            subjectInformationAccess: [
                                .init(accessMethod: .init(), accessLocation: .init(dnsName: "a.example"))
                            ])
                    }
                ),
                ("InvalidTagException", { $0.tags = [TagShape(key: "aws:cloudformation", value: "x")] }),
                (
                    "InvalidTagException",
                    { $0.tags = [TagShape(key: "Team", value: "a"), TagShape(key: "team", value: "b")] }
                ),
                ("ValidationException", { $0.tags = [TagShape(key: "te*m", value: "a")] }),
                (
                    "ValidationException",
                    { $0.tags = (0..<51).map { TagShape(key: "k\($0)", value: "v") } }
                ),
                ("InvalidArgsException", { $0.certificateAuthorityConfiguration.subject = ASN1Subject() }),
                ("ValidationException", { $0.certificateAuthorityConfiguration.keyAlgorithm = "RSA_1024" }),
                ("ValidationException", { $0.certificateAuthorityConfiguration.subject.country = "SWE" }),
                (
                    "InvalidArgsException",
                    { $0.certificateAuthorityConfiguration.signingAlgorithm = "SHA256WITHRSA" }
                ),
            ]
            for (type, change) in attempts {
                let error = await #expect(throws: APIClientError.self) {
                    try await client.createAuthority("ROOT", commonName: "R", change: change)
                }
                #expect(error?.description.hasPrefix(type) == true, "\(String(describing: error))")
            }
            let list = try await client.call(ListCertificateAuthoritiesOperation.self, .init())
            #expect(list.certificateAuthorities.isEmpty)
        }
    }
}
