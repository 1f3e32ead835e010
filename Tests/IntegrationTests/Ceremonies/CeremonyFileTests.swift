import Foundation
import TestSupport
import Testing

/// Ceremony files that must be refused before a key is made.
struct CeremonyFileTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let file: String
        let text: String
        let replacement: String
        let message: String
    }

    static let mistakes = [
        Mistake(
            testDescription: "an unknown key", file: "root", text: "title:", replacement: "titel: x\ntitle:",
            message: "unknown key `titel`"),
        Mistake(
            testDescription: "an unknown nested key", file: "root", text: "  destroyable:",
            replacement: "  exportable:",
            message: "unknown key `key.exportable`"),
        Mistake(
            testDescription: "two actions", file: "root", text: "output:",
            replacement: "request:\n  subject: {common-name: x}\noutput:",
            message: "a ceremony has one of root, request"),
        Mistake(
            testDescription: "one officer twice", file: "root", text: "Bob Example",
            replacement: "Alice Example",
            message: "two confirmations need two people"),
        Mistake(
            testDescription: "a malformed time", file: "root", text: "2046-12-01T",
            replacement: "2046-13-01T",
            message: "`root.not-after` must be a time"),
        Mistake(
            testDescription: "an end before the start", file: "root", text: "2046-12-01",
            replacement: "2025-12-01",
            message: "`not-after` must be after `not-before`"),
        Mistake(
            testDescription: "an algorithm of another kind of key", file: "root", text: "SHA384WITHECDSA",
            replacement: "SHA384WITHRSA", message: "does not sign with SHA384WITHRSA"),
        Mistake(
            testDescription: "a missing request", file: "subordinate", text: "none",
            replacement: "none",
            message: "the file `example-issuing-1.csr` does not exist"),
        Mistake(
            testDescription: "an escape in the subject of a root", file: "root",
            text: "Example Root CA 2026\n",
            replacement: "\"Example\\e[2K\"\n", message: "attribute CN with the character U+001B"),
        Mistake(
            testDescription: "a NUL in the subject of a request", file: "request",
            text: "Example Issuing CA 1\n", replacement: "\"Example\\0\"\n",
            message: "attribute CN with the character U+0000"),
        Mistake(
            testDescription: "a malformed serial number", file: "crl", text: "0a1b2c3d4e5f",
            replacement: "xyz",
            message: "must be 1 to 20 octets in hexadecimal"),
        Mistake(
            testDescription: "a log's key that checkpoints are not signed with", file: "log",
            text: "EC_prime256v1\n", replacement: "EC_secp384r1\n",
            message: "the key of a log must be EC_prime256v1"),
        Mistake(
            testDescription: "a name of a log that begins like DER", file: "log",
            text: "ca.example.com/log\n",
            replacement: "0ca.example.com/log\n", message: "`log-key.origin` must be the name of the log"),
        Mistake(
            testDescription: "an escape in the name of a log", file: "log", text: "ca.example.com/log\n",
            replacement: "\"a\\e[2K\"\n", message: "`log-key.origin` must be the name of the log"),
        Mistake(
            testDescription: "a signature algorithm for a log", file: "log", text: "log-key:\n",
            replacement: "log-key:\n  signing-algorithm: SHA384WITHECDSA\n",
            message: "unknown key `log-key.signing-algorithm`"),
    ]

    @Test(arguments: [
        ("03-empty-rdn/04D-emptyset.csr", "no attribute in relative distinguished name 1 of 2"),
        ("03-empty-rdn/10s-emptyrdn-only.csr", "names nothing"),
        ("02-strings-that-are-none/10b-overlong.csr", "UTF8String that is none"),
        ("05-nul-in-common-name/1201-cn.csr", "U+0000"),
    ])
    func `a malformed intermediate is a fault of the file`(
        _ csr: String, _ reason: String
    ) throws {
        let fixture = try CeremonyFixture()
        try FileManager.default.copyItem(
            atPath: "\(Products.root)/Tests/Cases/\(csr)",
            toPath: fixture.directory.path("example-issuing-1.csr"))
        let plan = try fixture.plan("subordinate")
        #expect(plan.status == 1)
        #expect(
            plan.errors.contains("the subject of the request") && plan.errors.contains(reason),
            "\(plan.errors)")
    }

    @Test(arguments: mistakes)
    func `a faulty ceremony file is refused with the line of the fault`(_ mistake: Mistake) throws {
        let fixture = try CeremonyFixture()
        try fixture.edit(mistake.file, mistake.text, mistake.replacement)
        let plan = try fixture.plan(mistake.file)
        #expect(plan.status == 1)
        #expect(plan.errors.contains(mistake.message), "\(plan.errors)")
        let before = try fixture.objects()
        #expect(try fixture.run(mistake.file, answers: []).status == 1)
        #expect(try fixture.objects() == before)
    }
}
