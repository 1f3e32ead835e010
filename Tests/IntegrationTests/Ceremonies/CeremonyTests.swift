import Foundation
import TestSupport
import Testing

/// Ceremonies on a real token, with officers at a terminal. OpenSSL verifies the results.
struct CeremonyTests {
    @Test func `four ceremonies make a hierarchy, each as its rehearsal predicted`() throws {
        let fixture = try CeremonyFixture()
        for name in ["root", "request", "subordinate", "crl"] {
            let prediction = fixture.directory.path("\(name).prediction")
            let plan = try fixture.plan(name, ["--output", prediction])
            #expect(plan.status == 0, "\(plan.errors)")
            let result = try fixture.run(name, ["--predicted", prediction])
            #expect(result.status == 0, "\(result.output)")
            #expect(!result.output.contains(SoftHSM.pin))
            #expect(result.output.contains("making the EC_secp384r1 key") == ["root"].contains(name))
        }
        let path: (String) -> String = { fixture.directory.path($0) }
        let (root, issuing) = (path("example-root-2026.pem"), path("example-issuing-1.pem"))
        #expect(try fixture.openssl(["verify", "-x509_strict", "-CAfile", root, issuing]).status == 0)
        #expect(
            try fixture.openssl(["crl", "-in", path("example-root-2026.crl"), "-CAfile", root, "-noout"])
                .errors
                .contains("verify OK"))
        #expect(
            try fixture.openssl(["req", "-in", path("example-issuing-1.csr"), "-verify", "-noout"]).status
                == 0)
        let text = try fixture.openssl(["x509", "-in", root, "-noout", "-text"]).output
        #expect(text.contains("CA:TRUE, pathlen:1") && text.contains("ecdsa-with-SHA384"))
        for (transcript, ceremony, result) in [
            ("example-root-2026.jsonl", "root", root),
            ("example-issuing-1.jsonl", "request", path("example-issuing-1.csr")),
            ("example-issuing-1-certificate.jsonl", "subordinate", issuing),
            ("example-root-2026-crl-1.jsonl", "crl", path("example-root-2026.crl")),
        ] {
            let verified = try fixture.verify(
                transcript, ["--ceremony", path("\(ceremony).yaml"), "--result", result])
            #expect(verified.status == 0, "\(verified.errors)")
            #expect(verified.output.contains("The transcript holds"))
        }
        #expect(
            try fixture.verify("example-root-2026.jsonl", ["--result", issuing]).errors.contains(
                "did not come out of this ceremony"))
        #expect(
            try fixture.verify("example-root-2026.jsonl", ["--ceremony", path("crl.yaml")]).errors.contains(
                "is of another ceremony file"))
    }

    @Test func `a key is made only if every officer confirms, and no file is overwritten`() throws {
        let fixture = try CeremonyFixture()
        let before = try fixture.objects()
        let refused = try fixture.run("root", answers: ["Alice Example", "Bob", "alice", "Bob Example "])
        #expect(refused.status == 1)
        #expect(
            refused.output.contains(
                "`Bob Example\\u{20}` is not the name in the ceremony file; that was the last try"))
        #expect(refused.output.contains("Bob Example did not confirm; nothing was changed on the token"))
        #expect(try fixture.objects() == before)
        #expect(!FileManager.default.fileExists(atPath: fixture.directory.path("example-root-2026.pem")))
        // The transcript of the failed ceremony is kept.
        let again = try fixture.run("root", answers: [])
        #expect(
            again.status == 1 && again.output.contains("example-root-2026.jsonl` is there already"),
            "\(again)")
        #expect(
            try fixture.verify("example-root-2026.jsonl").errors.contains(
                "did not come to its end: the last step is Failed"))
        try FileManager.default.removeItem(atPath: fixture.directory.path("example-root-2026.jsonl"))
        #expect(try fixture.run("root").status == 0)
        // The same key again, with other files.
        try fixture.edit("root", "result: example-root-2026", "result: other")
        try fixture.edit("root", "transcript: example-root-2026", "transcript: other")
        let taken = try fixture.run("root", answers: [])
        #expect(taken.status == 1)
        #expect(
            taken.output.contains("the token has an object with the label `example-root-2026`"), "\(taken)")
        let alone = try Command.run(
            "setsid",
            [
                "--wait", Products.path("signet-token"), "ceremony", "run", "--module", SoftHSM.modulePath,
                "--token",
                SoftHSM.uri, "--pin-file", fixture.token.pinFile, fixture.directory.path("request.yaml"),
            ], environment: fixture.token.environment)
        #expect(alone.status == 1 && alone.errors.contains("officers confirm at a terminal"), "\(alone)")
    }

    @Test func `a mistyped name can be typed again, and the transcript has who confirmed`() throws {
        let fixture = try CeremonyFixture()
        let prediction = fixture.directory.path("prediction")
        #expect(try fixture.plan("root", ["--output", prediction]).status == 0)
        let long = String(repeating: "x", count: 2000)
        let made = try fixture.run(
            "root", ["--predicted", prediction],
            answers: ["Alice", "\u{202E}A\u{1B}[2K", "Alice Example", long, "Bob Example"])
        #expect(made.status == 0, "\(made.output)")
        for line in [
            "`Alice` is not the name in the ceremony file; 2 tries are left",
            "`\\u{202E}A\\u{1B}[2K` is not the name in the ceremony file; one try is left",
            "octets more)` is not the name in the ceremony file; 2 tries are left",
        ] { #expect(made.output.contains(line), "\(made.output)") }
        #expect(try fixture.verify("example-root-2026.jsonl").status == 0)
        let lines = try fixture.directory.text("example-root-2026.jsonl").split(separator: "\n")
        #expect(
            lines.filter { $0.contains(#""step":"Confirmed""#) }.map { $0.contains("Alice Example") }
                == [true, false])
    }

    @Test func `officers sign with their own keys if the file names them`() throws {
        let fixture = try CeremonyFixture()
        for name in ["alice", "mallory"] { try fixture.makeKey(name) }
        try fixture.edit(
            "root", "    role: security officer\n", "    role: security officer\n    public-key: alice.pub\n")
        let without = try fixture.run("root", answers: [])
        #expect(without.status == 1 && without.output.contains("the private one is needed (--officer-key)"))
        let wrong = try fixture.run("root", fixture.signsAlice(with: "mallory"), answers: [])
        #expect(wrong.status == 1 && wrong.output.contains("it is not the private half"))
        let right = try fixture.run("root", fixture.signsAlice())
        #expect(right.status == 0, "\(right.output)")
        let verified = try fixture.verify(
            "example-root-2026.jsonl", ["--ceremony", fixture.directory.path("root.yaml"), "--json"])
        #expect(verified.status == 0, "\(verified.errors)")
        #expect(verified.output.contains("Alice Example"))
    }

    @Test func `a step that differs from the prediction ends the ceremony`() throws {
        let fixture = try CeremonyFixture()
        let prediction = fixture.directory.path("prediction")
        #expect(try fixture.plan("root", ["--output", prediction]).status == 0)
        let text = try fixture.directory.text("prediction")
        try fixture.directory.write(
            "prediction", text.replacing("\"pathLength\":1", with: "\"pathLength\":0"))
        let result = try fixture.run("root", ["--predicted", prediction])
        #expect(result.status == 1)
        #expect(
            result.output.contains(
                "step 7, Prepared, is not as the dry run predicted it: `pathLength` was predicted as 0 and is 1; the ceremony ends here"
            ), "\(result.output)")
        #expect(result.output.contains("hint: compare the ceremony file"), "\(result.output)")
        #expect(!FileManager.default.fileExists(atPath: fixture.directory.path("example-root-2026.pem")))
        #expect(
            try fixture.directory.text("example-root-2026.jsonl").contains("`pathLength` was predicted as 0"))
    }

    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let replacement: String
        let message: String
    }

    /// The first step already differs.
    @Test(arguments: [
        Change(
            testDescription: "an officer's role", text: #""role":"auditor"}]"#,
            replacement: #""role":"\u001b[2K\u202e"}]"#,
            message: #"`officers[1].role` was predicted as "\u001b[2K\u{202E}" and is "auditor";"#),
        Change(
            testDescription: "a member more", text: #""title":"#, replacement: #""tale":1,"title":"#,
            message: "`tale` was predicted as 1 and is not there;"),
        Change(
            testDescription: "a member less", text: #""action":"root","#, replacement: "",
            message: #"`action` was not predicted and is "root";"#),
        Change(
            testDescription: "a long value", text: "Example CP/CPS",
            replacement: String(repeating: "x", count: 9000),
            message: #"xxxx… and is "Example CP/CPS";"#),
        Change(
            testDescription: "another step", text: #""step":"Ceremony""#, replacement: #""step":"Token""#,
            message: #"`step` was predicted as "Token" and is "Ceremony";"#),
    ])
    func `a difference from the prediction is shown with both values`(_ change: Change) throws {
        let fixture = try CeremonyFixture()
        let prediction = fixture.directory.path("prediction")
        #expect(try fixture.plan("root", ["--output", prediction]).status == 0)
        let text = try fixture.directory.text("prediction")
        #expect(text.contains(change.text), "\(text)")
        try fixture.directory.write("prediction", text.replacing(change.text, with: change.replacement))
        let result = try fixture.run("root", ["--predicted", prediction], answers: [])
        #expect(result.status == 1 && result.output.contains(change.message), "\(result.output)")
        #expect(!result.output.unicodeScalars.contains("\u{1B}") && result.output.utf8.count < 3000)
    }

    @Test func `a step that the prediction lacks is not as predicted`() throws {
        let fixture = try CeremonyFixture()
        try fixture.directory.write("prediction", "")
        let result = try fixture.run(
            "root", ["--predicted", fixture.directory.path("prediction")], answers: [])
        #expect(
            result.status == 1
                && result.output.contains(#"`step` was not predicted and is "Ceremony";"#), "\(result.output)"
        )
    }

    @Test(arguments: [
        ("alice.pem", true), ("=alice.pem", true), ("Alice Example=", true), ("", true),
        // The mark is the beginning of the file's name, and not a part of the sign before it.
        ("Alice Example=\u{301}.pem", false),
    ])
    func `the option of an officer's key has a name and a file`(_ entry: String, _ isMalformed: Bool) throws {
        let fixture = try CeremonyFixture()
        let result = try fixture.run("root", ["--officer-key", entry], answers: [])
        #expect(result.status != 0 && result.output.contains("is not NAME=FILE") == isMalformed, "\(result)")
    }
}
