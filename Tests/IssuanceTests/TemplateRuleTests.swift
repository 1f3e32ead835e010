import Foundation
import PKIX
import SwiftASN1
import TestSupport
import Testing
import X509

@testable import Issuance

struct TemplateRuleTests {
    @Test(arguments: [
        ("*.example.com", "a.example.com", true), ("*.example.com", "a.b.example.com", false),
        ("**.example.com", "a.b.example.com", true), ("**.example.com", "example.com", false),
        ("a*b", "ab", true), ("a*b", "axxb", true), ("a*b", "a.b", false), ("**", "", true), ("", "", true),
        ("", "a", false), ("a", "a", true), ("a*", "a.", false), ("*a*", "xax", true),
    ])
    func `patterns match within labels or across them`(_ pattern: String, _ text: String, _ isMatch: Bool) {
        #expect(LabelPattern(pattern: pattern, stopping: ".").matches(text) == isMatch)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var subject = "/CN=a.svc.example.com"
        var names: String? = "DNS:a.svc.example.com"
        var key = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        var validity = Validity(value: 10, unit: .days)
        var notBefore: Validity?
        /// The reason of the refusal; nil if it is issued.
        let reason: String?
    }

    static let cases: [Case] = [
        Case(testDescription: "the intended use", reason: nil),
        Case(testDescription: "a key of another kind", key: ["rsa:2048"], reason: "the key is not one of"),
        Case(
            testDescription: "a name outside the patterns", names: "DNS:a.example.org",
            reason: "is not one it allows"),
        Case(
            testDescription: "a name of a form without patterns",
            names: "DNS:a.svc.example.com,email:a@example.com", reason: "is not one it allows"),
        Case(testDescription: "a wildcard", names: "DNS:*.svc.example.com", reason: "is a wildcard"),
        Case(
            testDescription: "a host outside the patterns as common name", subject: "/CN=evil.example.org",
            reason: "is not one it allows"),
        Case(testDescription: "a common name that is not a host", subject: "/CN=Ingress", reason: nil),
        Case(testDescription: "an address inside the range", names: "IP:10.1.2.3", reason: nil),
        Case(
            testDescription: "an address outside the range", names: "IP:11.1.2.3",
            reason: "is not one it allows"),
        Case(
            testDescription: "a URI inside the patterns", names: "URI:https://a.example.com/x/y", reason: nil),
        Case(
            testDescription: "a URI that hides its host", names: "URI:https://evil.test?.example.com/x",
            reason: "is not one it allows"),
        Case(testDescription: "no names", names: nil, reason: "there is no subject alternative name"),
        Case(
            testDescription: "too many names",
            names: "DNS:a.svc.example.com,DNS:b.svc.example.com,DNS:c.svc.example.com", reason: "more than 2"),
        Case(testDescription: "no common name", subject: "/O=Example", reason: "lacks the attribute CN"),
        Case(
            testDescription: "an attribute that is not allowed", subject: "/CN=a.svc.example.com/L=Here",
            reason: "has the attribute L"),
        Case(
            testDescription: "another organization", subject: "/CN=a.svc.example.com/O=Evil",
            reason: "O is not `Example`"),
        Case(
            testDescription: "the limit of the day", validity: Validity(value: 10, unit: .days), reason: nil),
        Case(
            testDescription: "longer than the limit of the day", validity: Validity(value: 11, unit: .days),
            reason: "issues for at most 10 days"),
        Case(
            testDescription: "a start long ago",
            validity: Validity(value: 10, unit: .days),
            notBefore: Validity(value: 1_800_000_000 - 3600, unit: .absolute),
            reason: "issues for at most 10 days"),
    ]

    private static let template: CertificateTemplate = {
        var rules = TemplateRules()
        rules.keys = [.p256]
        // The fixture's current time is 1,800,000,000.
        rules.longestValidities = [
            .init(from: .min, days: 400), .init(from: 1_700_000_000, days: 10),
            .init(from: 1_900_000_000, days: 1),
        ]
        rules.subject.required = [[2, 5, 4, 3]]
        rules.subject.allowed = [[2, 5, 4, 3], [2, 5, 4, 10]]
        rules.subject.values = [[2, 5, 4, 10]: "Example"]
        rules.names.isRequired = true
        rules.names.most = 2
        rules.names.allowsWildcards = false
        rules.names.patterns = [
            .dns: ["**.svc.example.com"], .ip: ["10.0.0.0/8"], .uri: ["https://*.example.com/**"],
        ]
        return CertificateTemplate(
            name: "Internal/V1", role: .endEntity, passthrough: [],
            content: .init(
                basicConstraints: .notCertificateAuthority, isBasicConstraintsCritical: true,
                keyUsage: .init(digitalSignature: true), extendedKeyUsage: [.serverAuth]), rules: rules)
    }()

    @Test(arguments: cases)
    func `the rules of a custom template are enforced`(_ entry: Case) throws {
        var fixture = try TestAuthority()
        fixture.catalog = TemplateCatalog(
            partition: "aws", region: "us-local-1", account: "000000000000", own: [Self.template])
        let csr = try OpenSSLRequest.make(subject: entry.subject, names: entry.names, key: entry.key)
        let request = fixture.request(
            csr: csr, template: "arn:aws:acm-pca:us-local-1:000000000000:template/Internal/V1",
            validity: entry.validity, notBefore: entry.notBefore)
        guard let reason = entry.reason else {
            _ = try fixture.prepare(request).digest
            return
        }
        let error = #expect(throws: IssuanceError.self) { _ = try fixture.prepare(request).digest }
        #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func `AWS's templates and a correct custom one have no fault`() {
        for template in CertificateTemplate.aws { #expect(template.faults.isEmpty, "\(template.name)") }
        #expect(CertificateTemplate.aws.count == 61)
        #expect(Self.template.faults.isEmpty)
    }
}
