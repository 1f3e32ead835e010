import Foundation
import TestSupport
import Testing

/// Transcripts of ceremonies, verified by OpenSSL and by `signet-token ceremony verify`.
struct TranscriptTests {
    @Test func `OpenSSL and sha256sum verify a transcript without Signet`() throws {
        let fixture = try CeremonyFixture()
        #expect(try fixture.run("root").status == 0)
        let lines = try fixture.directory.text("example-root-2026.jsonl").split(separator: "\n").map(
            String.init)
        let entries = try lines.map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        for (index, entry) in entries.enumerated().dropFirst() {
            let digest = try Command.output("sha256sum", input: Data(lines[index - 1].utf8)).prefix(64)
            #expect(entry["previous"] as? String == String(digest))
        }
        let generated = try #require(
            entries.first { $0["step"] as? String == "KeyGenerated" }?["details"] as? [String: Any])
        let spki = try #require(Data(base64Encoded: generated["subjectPublicKeyInfo"] as? String ?? ""))
        let last = try #require(entries.last?["details"] as? [String: Any])
        try fixture.directory.write("spki.der", spki)
        try fixture.directory.write(
            "signature", try #require(Data(base64Encoded: last["signature"] as? String ?? "")))
        let parts = [entries.last?["previous"], last["signer"], entries.last?["time"]].map {
            $0 as? String ?? ""
        }
        try fixture.directory.write(
            "statement",
            Data("signet ceremony transcript v2\n\(parts.joined(separator: "\n"))\n".utf8))
        let verified = try fixture.openssl([
            "dgst", "-sha384", "-keyform", "DER", "-verify", fixture.directory.path("spki.der"), "-signature",
            fixture.directory.path("signature"), fixture.directory.path("statement"),
        ])
        #expect(verified.output.contains("Verified OK"), "\(verified)")
    }

    @Test func `a recorded transcript still verifies`() throws {
        let recorded = "\(Products.root)/Tests/IntegrationTests/Recorded/Ceremony"
        let result = try Command.run(
            Products.path("signet-token"),
            [
                "ceremony", "verify", "\(recorded)/example-root-2026.jsonl", "--ceremony",
                "\(recorded)/root.yaml", "--result", "\(recorded)/example-root-2026.pem",
            ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("signed by key 526f6f7432303236, Alice Example."), "\(result.output)")
    }

    @Test func `a transcript that was changed anywhere does not verify`() throws {
        let fixture = try CeremonyFixture()
        #expect(try fixture.run("root").status == 0)
        let text = try fixture.directory.text("example-root-2026.jsonl")
        let lines = text.split(separator: "\n").map(String.init)
        func verdict(_ lines: [String]) throws -> String {
            try fixture.directory.write("changed.jsonl", lines.joined(separator: "\n") + "\n")
            let result = try fixture.verify("changed.jsonl")
            #expect(result.status == 1)
            return result.errors
        }
        var renamed = lines
        renamed[2] = renamed[2].replacing("Alice", with: "Malla")
        #expect(try verdict(renamed).contains("line 4: it does not follow the line before it"))
        #expect(try verdict(Array(lines.dropFirst())).contains("line 1: its index is 1, not 0"))
        #expect(try verdict(Array(lines.dropLast())).contains("did not sign it"))
        #expect(try verdict(Array(lines.prefix(7))).contains("did not come to its end"))
        // The last line is protected by its own signature alone.
        var moved = lines
        moved[lines.count - 1].replace(/"time":"20/, with: "\"time\":\"19")
        #expect(try verdict(moved).contains("line \(lines.count): the signature of"))
        var spaced = lines
        spaced[lines.count - 1].replace("\"time\":", with: "\"time\": ")
        #expect(try verdict(spaced).contains("line \(lines.count): it is not written as"))
        var forged = lines
        forged[11] = forged[11].replacing("\"signature\":\"M", with: "\"signature\":\"N")
        #expect(
            try verdict(forged).contains("line 12: the signature of key 526f6f7432303236 does not verify"))
        try fixture.directory.write("changed.jsonl", String(text.dropLast()))
        #expect(try fixture.verify("changed.jsonl").errors.contains("cut off"))
        #expect(try verdict(["{}"]).contains("line 1: it does not have the members"))
    }
}
