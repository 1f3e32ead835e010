import Foundation
import Issuance
import Settings
import StrictYAML
import SwiftASN1
import TestSupport
import Testing
import X509

struct TemplateFileTests {
    static let valid = """
        name: Web
        for: end-entity
        passthrough: [api]
        key-usage: [digitalSignature]
        extended-key-usage: [serverAuth, 1.3.6.1.4.1.99999.7]
        certificate-policies:
          - policy: 1.3.6.1.4.1.99999.1
            cps: https://example.com/cps
        extensions:
          - oid: 1.3.6.1.4.1.99999.2
            value: BQA=
        keys: [EC_prime256v1]
        longest-validity:
          - days: 398
          - from: 2026-03-15
            days: 200
        subject:
          required: [CN]
          allowed: [CN, O]
          values: {O: Example}
        names:
          required: true
          dns: ["**.example.com"]
          ip: ["10.0.0.0/8"]
        """

    private func load(_ yaml: String) throws(StrictYAMLError) -> CertificateTemplate {
        try TemplateFile.parse(Data(yaml.utf8), named: "t.yaml")
    }

    @Test func `a template is read`() throws {
        let template = try load(Self.valid)
        #expect(template.name == "Web/V1")
        #expect(template.passthrough == .api)
        #expect(template.content.others.map(\.oid.description) == ["2.5.29.32", "1.3.6.1.4.1.99999.2"])
        #expect(template.rules.longestValidities.map(\.days) == [398, 200])
        #expect(template.rules.names.patterns?[.dns] == ["**.example.com"])
        #expect(!template.rules.names.allowsWildcards)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let replace: String
        let with: String
        let message: String
    }

    static let mistakes: [Mistake] = [
        Mistake(
            testDescription: "an unknown key", replace: "name: Web", with: "name: Web\nnmae: x",
            message: "unknown key `nmae`"),
        Mistake(
            testDescription: "a name with blanks", replace: "name: Web", with: "name: We b",
            message: "`name` must be letters"),
        Mistake(
            testDescription: "a name that AWS uses", replace: "name: Web", with: "name: EndEntityCertificate",
            message: "one of AWS's templates"),
        Mistake(
            testDescription: "an unknown purpose", replace: "serverAuth", with: "serverauth",
            message: "`extended-key-usage` holds names"),
        Mistake(
            testDescription: "a repeated purpose", replace: "[serverAuth,", with: "[serverAuth, serverAuth,",
            message: "may be there twice"),
        Mistake(
            testDescription: "an unknown bit", replace: "[digitalSignature]", with: "[signing]",
            message: "`key-usage` holds the names"),
        Mistake(
            testDescription: "keyCertSign for an end entity", replace: "[digitalSignature]",
            with: "[keyCertSign]", message: "has keyCertSign for an end entity"),
        Mistake(
            testDescription: "encipherOnly alone", replace: "[digitalSignature]", with: "[encipherOnly]",
            message: "would break a rule: keyUsage has encipherOnly"),
        Mistake(
            testDescription: "a value that is not DER", replace: "BQA=", with: "BQ==",
            message: "base64 of the DER of one value"),
        Mistake(
            testDescription: "an extension with its own key", replace: "oid: 1.3.6.1.4.1.99999.2",
            with: "oid: 2.5.29.15", message: "has a key of its own"),
        Mistake(
            testDescription: "a repeated extension", replace: "            value: BQA=",
            with: "            value: BQA=\n  - {oid: 1.3.6.1.4.1.99999.2, value: BQA=}",
            message: "would break a rule"),
        Mistake(
            testDescription: "a policy that is not an OID", replace: "policy: 1.3.6.1.4.1.99999.1",
            with: "policy: abc", message: "must be an object identifier"),
        Mistake(
            testDescription: "an unknown key algorithm", replace: "[EC_prime256v1]", with: "[RSA_1024]",
            message: "`keys` holds"),
        Mistake(
            testDescription: "dates that do not ascend", replace: "  - days: 398",
            with: "  - {from: 2027-01-01, days: 398}", message: "must ascend"),
        Mistake(
            testDescription: "a nonexistent date", replace: "2026-03-15", with: "2026-02-30",
            message: "must be a day such as"),
        Mistake(
            testDescription: "a limit without days", replace: "    days: 200", with: "",
            message: "`longest-validity.days` is missing"),
        Mistake(
            testDescription: "an unknown attribute", replace: "[CN, O]", with: "[CN, XX]",
            message: "a subject attribute is one of"),
        Mistake(
            testDescription: "a malformed address range", replace: "10.0.0.0/8", with: "10.0.0.1/8",
            message: "`names.ip` holds ranges"),
        Mistake(
            testDescription: "a path length for an end entity", replace: "name: Web",
            with: "name: Web\npath-length: 0", message: "for `subordinate-ca` only"),
        Mistake(
            testDescription: "an unknown kind", replace: "for: end-entity", with: "for: root",
            message: "`for` must be"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is found when the file is read`(_ mistake: Mistake) throws {
        let replace = mistake.replace.trimmingCharacters(in: .whitespaces)
        #expect(Self.valid.contains(replace))
        let yaml = Self.valid.replacing(replace, with: mistake.with.trimmingCharacters(in: .whitespaces))
        let error = #expect(throws: StrictYAMLError.self) { _ = try load(yaml) }
        #expect(
            error?.faults.contains { $0.message.contains(mistake.message) } == true,
            "\(String(describing: error))")
    }
}
