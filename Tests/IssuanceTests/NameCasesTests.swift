import Foundation
import PKIX
import TestSupport
import Testing
import X509

@testable import Issuance

/// Requests in `Tests/Cases`, each with the correct answer.
struct NameCasesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let file: String
        let place: String
        let reason: String
        var testDescription: String { file }
    }

    static func csr(_ file: String) throws -> String {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: tests.appending(path: "Cases/\(file)"), encoding: .utf8)
    }

    private static let strings = "02-strings-that-are-none"
    private static let subject = "the CSR's subject has"

    static let cases = [
        Case(file: "\(strings)/04B-generalstring.csr", place: subject, reason: "no string of names"),
        Case(
            file: "\(strings)/04w-cn-nonutf8.csr", place: subject, reason: "CN as a UTF8String that is none"),
        Case(file: "\(strings)/10a-o-latin1.csr", place: subject, reason: "O as a UTF8String that is none"),
        Case(file: "\(strings)/10b-overlong.csr", place: subject, reason: "as a UTF8String that is none"),
        Case(
            file: "\(strings)/10e-email-high.csr", place: subject,
            reason: "emailAddress as a IA5String that is none"),
        Case(
            file: "\(strings)/10g-street-prn-bad.csr", place: subject, reason: "PrintableString that is none"),
        Case(file: "\(strings)/10o-atv-null.csr", place: subject, reason: "no string of names"),
        Case(
            file: "\(strings)/10r-uid-latin1.csr", place: subject, reason: "UID as a UTF8String that is none"),
        Case(
            file: "\(strings)/11a-upn-latin1.csr", place: "the CSR's subjectAltName holds an otherName",
            reason: "1.3.6.1.4.1.311.20.2.3 with a UTF8String that is none"),
        Case(file: "03-empty-rdn/04D-emptyset.csr", place: subject, reason: "no attribute"),
        Case(file: "03-empty-rdn/10s-emptyrdn-only.csr", place: subject, reason: "no attribute"),
        Case(file: "03-empty-rdn/10u-emptyrdn-nothing.csr", place: subject, reason: "no attribute"),
        Case(
            file: "05-nul-in-common-name/04y-cn-nul.csr", place: subject,
            reason: "CN with the character U+0000"),
        Case(
            file: "05-nul-in-common-name/1201-cn.csr", place: subject, reason: "CN with the character U+0000"),
        Case(
            file: "05-nul-in-common-name/1202-cn.csr", place: subject, reason: "CN with the character U+0000"),
        Case(
            file: "05-nul-in-common-name/1205-cn.csr", place: subject, reason: "CN with the character U+0009"),
    ]

    @Test(arguments: cases)
    func `a faulty request is refused with the fault, with and without constraints`(_ entry: Case) throws {
        let csr = try Self.csr(entry.file)
        try NameRuleTests.expectRefusal(csr, entry.reason, place: entry.place)
        let constrained = try TestAuthority(
            extensions: [.init(NameConstraints(permittedDNSDomains: ["example.test"]), critical: true)])
        try NameRuleTests.expectRefusal(csr, entry.reason, place: entry.place, below: constrained)
    }

    @Test func `every file of these cases is tested`() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        for folder in [Self.strings, "03-empty-rdn", "05-nul-in-common-name"] {
            let files = try FileManager.default.contentsOfDirectory(
                atPath: tests.appending(path: "Cases/\(folder)").path)
            let tried = Set(Self.cases.map(\.file) + ["05-nul-in-common-name/1204-cn.csr"])
            for file in files where file.hasSuffix(".csr") { #expect(tried.contains("\(folder)/\(file)")) }
        }
    }

    @Test func `a blank after a host does not evade constraints`() throws {
        let csr = try Self.csr("05-nul-in-common-name/1204-cn.csr")
        let constrained = try TestAuthority(
            extensions: [.init(NameConstraints(permittedDNSDomains: ["example.test"]), critical: true)])
        let error = #expect(throws: IssuanceError.self) {
            _ = try constrained.prepare(constrained.request(csr: csr)).digest
        }
        guard case .nameConstraintViolation(let violation) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(violation.kind == .unclear)
    }
}
