import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Requests that could mean something other than their sender intended, over the real wire.
struct RequestGuardTests {
    private static func exchange(_ daemon: Daemon, _ target: String, _ body: String) throws -> String {
        try WireTests.exchange(daemon.socketPath, WireTests.post(target, body), seconds: 20)
    }

    @Test
    func `a member that differs only in case from a known one is refused, other unknown members are ignored`()
        async throws
    {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let csr = Data(try OpenSSLRequest.make().utf8).base64EncodedString()
        func body(_ more: String, validity: String = #"{"Type": "DAYS", "Value": 5}"#) -> String {
            #"{"CertificateAuthorityArn": "\#(root)", "Csr": "\#(csr)", "SigningAlgorithm": "SHA256WITHECDSA", "#
                + #""Validity": \#(validity)\#(more)}"#
        }
        let issue = "ACMPrivateCA.IssueCertificate"
        for (more, validity, name) in [
            (#", "templateArn": "x""#, nil, "`templateArn` is not known; the known one is `TemplateArn`"),
            (#", "TEMPLATEARN": "x""#, nil, "`TEMPLATEARN`"),
            (#", "validitynotbefore": {"Type": "ABSOLUTE", "Value": 1}"#, nil, "`validitynotbefore`"),
            (#", "csr": "AAAA""#, nil, "`csr`"),
            ("", #"{"Type": "DAYS", "Value": 5, "value": 6}"#, "`Validity.value`"),
            (#", "ApiPassthrough": {"subject": {"CommonName": "x"}}"#, nil, "`ApiPassthrough.subject`"),
        ] as [(String, String?, String)] {
            let answer = try Self.exchange(
                daemon, issue, validity.map { body(more, validity: $0) } ?? body(more))
            #expect(answer.contains(" 400 ") && answer.contains("SerializationException"), "\(answer)")
            #expect(answer.contains(name), "\(answer)")
            let event = try daemon.events().last
            #expect(event?["errorCode"] as? String == "SerializationException")
        }
        // AWS ignores members that it does not know.
        let answer = try Self.exchange(daemon, issue, body(#", "Colour": "blue", "Validities": 1"#))
        #expect(answer.contains(" 200 "), "\(answer)")
    }

    @Test func `an operation of Signet refuses every unknown member`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        for (target, body, name) in [
            ("Signet.ListTemplates", #"{"Colour": "blue"}"#, "`Colour` is not known"),
            ("Signet.ListApprovals", #"{"Status": "PENDING", "status": "PENDING"}"#, "`status`"),
            (
                "Signet.GetApproval", #"{"Id": "00000000-0000-0000-0000-000000000000", "Digest": ""}"#,
                "`Digest`"
            ),
            (
                "Signet.IssueConstrainedCertificate",
                #"{"Request": {"CertificateAuthorityArn": "\#(root)", "Csr": "AAAA", "SigningAlgorithm": "SHA256WITHECDSA", "#
                    + #""Validity": {"Type": "DAYS", "Value": 5}, "Other": 1}, "NameConstraints": {}}"#,
                "`Request.Other`"
            ),
        ] {
            let answer = try Self.exchange(daemon, target, body)
            #expect(answer.contains(" 400 ") && answer.contains("SerializationException"), "\(answer)")
            #expect(answer.contains(name), "\(answer)")
        }
        #expect(try Self.exchange(daemon, "Signet.ListTemplates", "{}").contains(" 200 "))
    }

    static let guarded = """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "NotAction": ["acm-pca:PutPolicy", "acm-pca:IssueCertificate"], "Resource": "*"},
            {"Effect": "Allow", "Action": "acm-pca:IssueCertificate", "Resource": "*",
             "Condition": {"StringLike": {"acm-pca:TemplateArn": "*RootCACertificate*"}}},
            {"Effect": "Allow", "Action": ["acm-pca:PutPolicy", "acm-pca:IssueCertificate"], "Resource": "*",
             "Condition": {"NumericGreaterThanEquals": {"signet:ApprovalCount": "1"}}}]}
        """

    @Test func `a request that waits for officers contains no unknown members`() async throws {
        let daemon = try Daemon(
            principals: """
                  - {uid: \(geteuid()), arn: "arn:aws:iam::000000000000:role/guarded", policies: [guarded.json]}
                """, policies: ["guarded.json": Self.guarded])
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let csr = Data(try OpenSSLRequest.make().utf8).base64EncodedString()
        for (target, body, kept) in [
            (
                "ACMPrivateCA.PutPolicy", #"{"ResourceArn": "\#(root)", "Policy": "{}"%}"#,
                "RequestInProgressException"
            ),
            (
                "ACMPrivateCA.IssueCertificate",
                #"{"CertificateAuthorityArn": "\#(root)", "Csr": "\#(csr)", "SigningAlgorithm": "SHA256WITHECDSA", "#
                    + #""Validity": {"Type": "DAYS", "Value": 5%}}"#, " 200 "
            ),
        ] {
            let unknown = try Self.exchange(
                daemon, target, body.replacing("%", with: #", "Reason": "harmless""#))
            #expect(unknown.contains("SerializationException") && unknown.contains("Reason"), "\(unknown)")
            let known = try Self.exchange(daemon, target, body.replacing("%", with: ""))
            #expect(known.contains(kept), "\(known)")
        }
        let waiting = try Self.exchange(daemon, "Signet.ListApprovals", "{}")
        #expect(waiting.components(separatedBy: #""Digest":"#).count == 3, "\(waiting)")
    }

    @Test func `a principal at its limit of waiting requests gets no certificate prepared`()
        async throws
    {
        let daemon = try Daemon(
            principals: """
                  - {uid: \(geteuid()), arn: "arn:aws:iam::000000000000:role/guarded", policies: [guarded.json]}
                """, policies: ["guarded.json": Self.guarded])
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        let csr = Data(try OpenSSLRequest.make().utf8).base64EncodedString()
        func issue(days: Int) throws -> String {
            try Self.exchange(
                daemon, "ACMPrivateCA.IssueCertificate",
                #"{"CertificateAuthorityArn": "\#(root)", "Csr": "\#(csr)", "SigningAlgorithm": "SHA256WITHECDSA", "#
                    + #""Validity": {"Type": "DAYS", "Value": \#(days)}}"#)
        }
        // The root is valid for ten years.
        let tooLong = 4000
        for _ in 0..<99 { #expect(try issue(days: 5).contains(" 200 ")) }
        #expect(try issue(days: tooLong).contains("ValidationException"))
        #expect(try issue(days: 5).contains(" 200 "))
        // Its other faults are no longer looked for.
        for days in [5, tooLong] {
            let answer = try issue(days: days)
            #expect(answer.contains("LimitExceededException"), "\(answer)")
        }
    }

    @Test func `templates for authorities alone certify an authority's own key`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let subordinate = try await client.createAuthority("SUBORDINATE", commonName: "Sub")
            for owner in [root, subordinate] {
                let csr = try await client.call(
                    GetCertificateAuthorityCsrOperation.self, .init(certificateAuthorityArn: owner)
                ).csr
                let error = await #expect(throws: APIClientError.self) {
                    try await client.issue(csr, by: root)
                }
                let text = error?.description ?? ""
                #expect(text.hasPrefix("InvalidArgsException: the CSR's key is that of"), "\(text)")
                #expect(text.contains(owner), "\(text)")
            }
            // A restarted daemon knows the keys too.
            let csr = try await client.call(
                GetCertificateAuthorityCsrOperation.self, .init(certificateAuthorityArn: subordinate)
            ).csr
            _ = try await client.issue(csr, by: root, template: "SubordinateCACertificate_PathLen0/V1")
            _ = try await client.issue(try OpenSSLRequest.make(), by: root)
        }
        #expect(daemon.stop() == 0)
        try daemon.start()
        try await daemon.client { client in
            let authorities = try await client.call(
                ListCertificateAuthoritiesOperation.self, .init()
            ).certificateAuthorities
            let root = try #require(authorities.first { $0.status == "ACTIVE" }).arn
            for authority in authorities {
                let csr = try await client.call(
                    GetCertificateAuthorityCsrOperation.self, .init(certificateAuthorityArn: authority.arn)
                ).csr
                await #expect(throws: APIClientError.self) { try await client.issue(csr, by: root) }
            }
        }
    }

    @Test func `a start before the limit or before the issuer's is a ValidationException`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let csr = try OpenSSLRequest.make()
            let error = await #expect(throws: APIClientError.self) {
                try await client.issue(csr, by: root) {
                    $0.validityNotBefore = ValidityShape(value: 1, type: "ABSOLUTE")
                }
            }
            let text = error?.description ?? ""
            #expect(
                text.hasPrefix("ValidationException: the certificate would be valid from 1970"), "\(text)")
        }
    }

    @Test func `a request imports certificates in every form of RFC 7468`() async throws {
        let daemon = try Daemon()
        try daemon.start()
        try await daemon.client { client in
            let root = try await client.activeRoot()
            let subordinate = try await client.pendingSubordinate(of: root)
            let signed = subordinate.signed
            let chain = signed.certificateChain ?? ""
            func load(_ certificate: String, _ chain: String) async throws {
                try await client.importCertificate(certificate, chain, of: subordinate.arn)
            }
            for (certificate, chain, reason) in [
                (signed.certificate + "\n" + chain, chain, "the Certificate has 2 PEM blocks"),
                (
                    signed.certificate, subordinate.csr,
                    "the CertificateChain has a PEM block labelled `CERTIFICATE REQUEST`"
                ),
                (
                    signed.certificate.replacing("BEGIN CERTIFICATE", with: "BEGIN EC PRIVATE KEY"), chain,
                    "the Certificate holds a private key"
                ),
            ] {
                let error = await #expect(throws: APIClientError.self) { try await load(certificate, chain) }
                let text = error?.description ?? ""
                #expect(text.hasPrefix("MalformedCertificateException: \(reason)"), "\(text)")
            }
            // CR alone, a byte order mark, and blanks and text before each block.
            try await load(
                "\u{FEFF}" + signed.certificate.replacing("\n", with: "\r"),
                "subject: Roöt\n" + chain.replacing("\n", with: " \r\n"))
        }
    }
}
