import Issuance
import PKIX
import TestSupport
import Testing

/// The start of certificates, and its limits.
struct NotBeforeTests {
    private static let now = TestAuthority.now.secondsSinceEpoch
    private static let day: Int64 = 86_400
    /// The start of the fixture's own certificate.
    private static let beginning = now - day

    private static func prepare(
        _ fixture: TestAuthority, notBefore: Int64?, end: Int64 = now + 86_400,
        template: String = TestAuthority.endEntity
    ) throws -> (notBefore: Int64, notAfter: Int64) {
        let linted = try fixture.prepare(
            fixture.request(
                csr: template == TestAuthority.root ? fixture.ownRequest() : OpenSSLRequest.make(),
                template: template, validity: Validity(value: end, unit: .absolute),
                notBefore: notBefore.map { Validity(value: $0, unit: .absolute) }))
        return (linted.notBefore.secondsSinceEpoch, linted.notAfter.secondsSinceEpoch)
    }

    private static func refusal(
        _ fixture: TestAuthority, notBefore: Int64?, end: Int64 = now + 86_400,
        template: String = TestAuthority.endEntity
    ) throws -> String {
        try #require(throws: IssuanceError.self) {
            _ = try prepare(fixture, notBefore: notBefore, end: end, template: template)
        }.description
    }

    @Test func `a start may be at most an hour earlier than the backdate`() throws {
        let fixture = try TestAuthority()
        let earliest = Self.now - 2 * 3600
        #expect(try Self.prepare(fixture, notBefore: earliest).notBefore == earliest)
        let text = try Self.refusal(fixture, notBefore: earliest - 1)
        #expect(
            text.contains("further back than the 120 minutes that the certificate authority allows"),
            "\(text)")
        #expect(try Self.refusal(fixture, notBefore: 1).contains("ValidityNotBefore") == false)
        let later = Self.now + 3600
        #expect(try Self.prepare(fixture, notBefore: later).notBefore == later)
    }

    @Test func `the limit follows the backdate, and can be configured`() throws {
        let short = try TestAuthority(backdate: 300)
        #expect(try Self.prepare(short, notBefore: Self.now - 3900).notBefore == Self.now - 3900)
        #expect(try Self.refusal(short, notBefore: Self.now - 3901).contains("the 65 minutes"))
        let none = try TestAuthority(backdate: 0, longestNotBefore: 0)
        #expect(try Self.prepare(none, notBefore: Self.now).notBefore == Self.now)
        #expect(try Self.refusal(none, notBefore: Self.now - 1).contains("the 0 minutes"))
    }

    @Test func `a custom template sets its own limit`() throws {
        var fixture = try TestAuthority()
        let aws = try #require(CertificateTemplate.aws.first { $0.name == "EndEntityCertificate/V1" })
        var rules = TemplateRules()
        rules.longestNotBefore = 60
        let template = CertificateTemplate(
            name: "Internal/V1", role: aws.role, passthrough: aws.passthrough, content: aws.content,
            rules: rules
        )
        fixture.catalog = TemplateCatalog(
            partition: "aws", region: "us-local-1", account: "000000000000", own: [template])
        let arn = try #require(fixture.catalog.entries.first { $0.template.name == "Internal/V1" }?.arn)
        #expect(
            try Self.prepare(fixture, notBefore: Self.now - 60, template: arn).notBefore == Self.now - 60)
        let text = try Self.refusal(fixture, notBefore: Self.now - 61, template: arn)
        #expect(text.contains("the 1 minutes that the template Internal/V1 allows"), "\(text)")
    }

    @Test func `no certificate starts before its issuer`() throws {
        let fixture = try TestAuthority(longestNotBefore: 100 * 365 * Self.day)
        let own = try Self.prepare(fixture, notBefore: Self.beginning)
        #expect(own.notBefore == Self.beginning)
        let text = try Self.refusal(fixture, notBefore: Self.beginning - 1)
        #expect(text.contains("before its certificate authority"), "\(text)")
        #expect(try Self.refusal(fixture, notBefore: 1).contains("before its certificate authority"))
        // The usual backdating is cut off there.
        let long = try TestAuthority(backdate: 7 * Self.day)
        #expect(try Self.prepare(long, notBefore: nil).notBefore == Self.beginning)
    }

    @Test func `a self-signed root starts as its request says, within the limit`() throws {
        let fixture = try TestAuthority(longestNotBefore: 10 * Self.day)
        let early = Self.now - 10 * Self.day
        #expect(try Self.prepare(fixture, notBefore: early, template: TestAuthority.root).notBefore == early)
        #expect(
            try Self.refusal(fixture, notBefore: early - 1, template: TestAuthority.root)
                .contains("further back"))
    }

    @Test func `a short-lived authority counts the whole period`() throws {
        let fixture = try TestAuthority(longestValidity: 7 * Self.day)
        let week = Self.now + 7 * Self.day
        #expect(try Self.prepare(fixture, notBefore: nil, end: week).notAfter == week)
        #expect(try Self.prepare(fixture, notBefore: Self.now, end: week).notAfter == week)
        let early = Self.now - 3600
        #expect(try Self.refusal(fixture, notBefore: early, end: week).contains("at most 7 days"))
        #expect(try Self.prepare(fixture, notBefore: early, end: week - 3600).notAfter == week - 3600)
        #expect(
            try Self.refusal(fixture, notBefore: Self.now + Self.day, end: week + 1)
                .contains("at most 7 days"))
    }

    @Test func `a certificate that ends this very second is issued`() throws {
        let fixture = try TestAuthority()
        #expect(try Self.prepare(fixture, notBefore: nil, end: Self.now).notAfter == Self.now)
        let instant = try Self.prepare(fixture, notBefore: Self.now, end: Self.now)
        #expect(instant.notBefore == instant.notAfter)
        #expect(try Self.refusal(fixture, notBefore: nil, end: Self.now - 1).contains("in the past"))
        #expect(
            try Self.refusal(fixture, notBefore: Self.now + 1, end: Self.now).contains("before it begins"))
    }

    @Test func `other attributes of a CSR are reported as ignored`() throws {
        let directory = try TemporaryDirectory()
        try directory.write(
            "req.cnf",
            """
            [req]
            prompt = no
            distinguished_name = name
            attributes = attributes
            [name]
            CN = a.example
            [attributes]
            challengePassword = very secret
            """)
        let csr = try Command.output(
            "openssl",
            [
                "req", "-new", "-nodes", "-keyout", directory.path("key"), "-config",
                directory.path("req.cnf"),
                "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            ])
        let fixture = try TestAuthority()
        let ignored = try fixture.prepare(fixture.request(csr: csr)).ignored
        #expect(
            ignored == ["CSR attribute challengePassword (1.2.840.113549.1.9.7): no template reads it"])
    }

    @Test func `case 07: Microsoft's extensions are issued, and nothing is ignored`() throws {
        let csr = String(
            decoding: try CaseFiles.read("07-microsoft-extension-request/02i-ms-extreq.csr"), as: UTF8.self)
        let fixture = try TestAuthority()
        let linted = try fixture.prepare(fixture.request(csr: csr))
        #expect(linted.ignored.isEmpty)
        let names = Array("web.example.test".utf8)
        let tbs = linted.tbsCertificate
        #expect(tbs.indices.count { tbs[$0...].starts(with: [0x82, 0x10] + names) } == 1)
    }
}
