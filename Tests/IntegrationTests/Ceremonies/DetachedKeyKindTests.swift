import Foundation
import TestSupport
import Testing

/// The keys with which an officer signs on another machine, and the commands of the document.
struct DetachedKeyKindTests {
    /// Commands that make `alice.pub`, and that sign the file `statement` into `alice.sig`.
    struct Kind: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: String
        let sign: String
    }

    private static func ssh(_ type: String, bits: Int, _ option: String = "") -> Kind {
        Kind(
            testDescription: "SSH \(type) \(bits)\(option)",
            make: """
                ssh-keygen -q -t \(type) -b \(bits) -N '' -C '' -f id
                ssh-keygen -e -m pkcs8 -f id.pub > alice.pub
                """,
            sign: """
                ssh-keygen -q -Y sign -n signet-ceremony \(option) -f id statement
                mv statement.sig alice.sig
                """)
    }

    private static func openSSL(_ name: String, _ options: String, _ hash: String) -> Kind {
        Kind(
            testDescription: "OpenSSL \(name) with \(hash)",
            make: """
                openssl genpkey -quiet \(options) -out key
                openssl pkey -in key -pubout -out alice.pub
                """,
            sign: "openssl dgst -\(hash) -sign key -out alice.sig statement")
    }

    static let kinds = [
        openSSL("P-256", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "sha256"),
        openSSL("P-384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "sha384"),
        openSSL("P-521", "-algorithm EC -pkeyopt ec_paramgen_curve:P-521", "sha512"),
        openSSL("RSA", "-algorithm RSA -pkeyopt rsa_keygen_bits:3072", "sha256"),
        ssh("ecdsa", bits: 256), ssh("ecdsa", bits: 384), ssh("ecdsa", bits: 521), ssh("rsa", bits: 3072),
        ssh("rsa", bits: 3072, "-O hashalg=sha256"),
        Kind(
            testDescription: "P-256 on a card",
            make: """
                card="pkcs11-tool --module $module --token-label card --login --pin 1234 --id 01"
                softhsm2-util --init-token --free --label card --so-pin 12345678 --pin 1234
                $card --keypairgen --key-type EC:prime256v1 --usage-sign
                $card --read-object --type pubkey --output-file public.der
                openssl pkey -pubin -inform DER -in public.der -pubout -out alice.pub
                """,
            sign: """
                card="pkcs11-tool --module $module --token-label card --login --pin 1234 --id 01"
                openssl dgst -sha256 -binary statement > digest
                $card --sign --mechanism ECDSA --signature-format openssl --input-file digest \\
                    --output-file alice.sig
                """),
    ]

    private static func shell(_ fixture: CeremonyFixture, _ commands: String) throws -> Command {
        let settings = """
            set -euo pipefail
            cd '\(fixture.directory.path("."))'
            PATH='\(Products.path("."))':$PATH
            module='\(SoftHSM.modulePath)'

            """
        return try Command.run(
            "bash", ["-c", settings + commands], environment: fixture.token.environment)
    }

    @Test(arguments: kinds) func `a key of each kind signs a transcript`(_ kind: Kind) throws {
        let fixture = try CeremonyFixture()
        try Self.shell(fixture, kind.make).require()
        try fixture.edit(
            "root", "    role: security officer\n", "    role: security officer\n    public-key: alice.pub\n")
        let made = try fixture.run("root", ["--detached", "Alice Example"])
        #expect(made.status == 0, "\(made.output)")
        let added = try Self.shell(
            fixture,
            """
            mv example-root-2026.officer-1.statement statement
            \(kind.sign)
            signet-token ceremony add-signature example-root-2026.jsonl --ceremony root.yaml \\
                --officer "Alice Example" --signature alice.sig
            signet-token ceremony verify example-root-2026.jsonl --ceremony root.yaml
            """)
        #expect(added.status == 0 && added.output.contains("The transcript holds"), "\(added)")
    }

    @Test func `the documented commands sign elsewhere, and verify without Signet`() throws {
        let fixture = try CeremonyFixture()
        let document = try Document("Docs/Ceremony.md")
        let signing = document.shell(inSection: "Officers who sign on another machine")
        let verifying = document.shell(inSection: "The transcript").joined()
        try #require(signing.count == 2 && verifying.contains("pkeyutl -verify"))
        try Self.shell(fixture, "ssh-keygen -q -t ed25519 -N '' -C '' -f id_ed25519\n" + signing[0]).require()
        for (role, key) in [("security officer", "alice"), ("auditor", "bob")] {
            try fixture.edit(
                "root", "    role: \(role)\n", "    role: \(role)\n    public-key: \(key).pem\n")
        }
        let made = try fixture.run("root", ["--detached", "Alice Example", "--detached", "Bob Example"])
        #expect(made.status == 0, "\(made.output)")
        let aloud = try #require(made.output.firstMatch(of: /Read this aloud: ([0-9a-f]{64})/)?.1)
        let signed = try Self.shell(fixture, signing[1])
        #expect(signed.status == 0, "\(signed)")
        #expect(
            signed.output.contains("Without the signatures that were added later, it is \(aloud)."),
            "\(signed.output)")
        let verified = try Self.shell(fixture, verifying)
        #expect(verified.status == 0 && !verified.output.contains("BROKEN"), "\(verified)")
        #expect(verified.output.contains("Verified OK"), "\(verified.output)")
        #expect(
            verified.output.components(separatedBy: "Signature Verified Successfully").count == 3,
            "\(verified.output)")
    }

    @Test func `an SSH signature in another form or namespace is refused`() throws {
        let fixture = try DetachedSignatureTests.Fixture()
        try Self.shell(
            fixture.ceremony,
            """
            rm alice.p*
            ssh-keygen -q -t ecdsa -b 256 -N '' -C '' -f id
            ssh-keygen -e -m pkcs8 -f id.pub > alice.pub
            """
        ).require()
        try fixture.run()
        try Self.shell(
            fixture.ceremony,
            """
            mv example-root-2026.officer-1.statement statement
            for namespace in file signet-ceremony; do
                ssh-keygen -q -Y sign -n "$namespace" -f id statement
                mv statement.sig "$namespace.sig"
            done
            """
        ).require()
        try fixture.expectRefusal("file.sig", of: "Alice Example", "its namespace is `file` and must be")
        let armored = try fixture.directory.text("signet-ceremony.sig")
        let lines = armored.split(separator: "\n").map(String.init)
        let body = try #require(Data(base64Encoded: lines[1..<(lines.count - 1)].joined()))
        func expect(_ blob: Data, _ message: String) throws {
            try fixture.directory.write(
                "changed.sig",
                [lines[0], blob.base64EncodedString(), lines[lines.count - 1]].joined(separator: "\n"))
            try fixture.expectRefusal("changed.sig", of: "Alice Example", message)
        }
        let form = "the SSH signature cannot be used: it is not as PROTOCOL.sshsig describes version 1"
        try expect(body + Data([0]), form)
        for count in [5, 6, 9, 10, 13, 40, body.count - 1] { try expect(body.prefix(count), form) }
        var version = body
        version[9] = 2
        try expect(version, form)
        var length = body
        length[10] = 0xFF
        try expect(length, form)
        var wrong = body
        wrong[body.count - 1] ^= 1
        try expect(wrong, "the signature is not one of Alice Example's key")
        try fixture.directory.write("changed.sig", armored.replacing(lines[lines.count - 1], with: ""))
        try fixture.expectRefusal(
            "changed.sig", of: "Alice Example", "not between its first and last line")
        // The signature itself, with the line ends of another system.
        try fixture.directory.write("crlf.sig", armored.replacing("\n", with: "\r\n"))
        let added = try fixture.add("crlf.sig", of: "Alice Example")
        #expect(added.status == 0, "\(added.errors)")
    }
}
