import Crypto
import Foundation
import Testing
import TransparencyLog

/// Notes and checkpoints, as other implementations write them.
struct NoteTests {
    /// The example note and key of the C2SP's signed-note and of Go's sumdb.
    static let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    static let note = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

        """

    @Test func `the well-known example note verifies`() throws {
        let verifier = try #require(NoteVerifier(Self.key))
        #expect(verifier.description == Self.key)
        let note = try SignedNote(encoded: Self.note)
        #expect(note.text.hasSuffix("problem is.\n"))
        #expect(verifier.verify(note) == 0)
        #expect(note.encoded == Self.note)
        let changed = try SignedNote(encoded: Self.note.replacingOccurrences(of: "answer", with: "Answer"))
        #expect(verifier.verify(changed) == nil)
        #expect(NoteVerifier(Self.key.replacingOccurrences(of: "c74f20a3", with: "c74f20a4")) == nil)
        #expect(NoteVerifier("A B+00000000+AQ==") == nil)
    }

    @Test func `ECDSA signatures and cosignatures verify as their specifications say`() throws {
        let checkpoint = Checkpoint(origin: "example.org/log", size: 7, root: .ofNothing)
        let key = P256.Signing.PrivateKey()
        let verifier = try #require(
            NoteVerifier(
                name: "example.org/log", algorithm: .ecdsa, key: Array(key.publicKey.derRepresentation)))
        // The first four octets of SHA-256 of the key itself.
        #expect(verifier.keyID == Array(SHA256.hash(data: key.publicKey.derRepresentation).prefix(4)))
        var note = SignedNote(
            text: checkpoint.text,
            signatures: [
                .init(
                    name: verifier.name, keyID: verifier.keyID,
                    signature: Array(try key.signature(for: Data(checkpoint.text.utf8)).derRepresentation))
            ])
        #expect(verifier.verify(note) == 0)

        let witness = Curve25519.Signing.PrivateKey()
        let cosigner = try #require(
            NoteVerifier(
                name: "witness.example", algorithm: .cosignature,
                key: Array(witness.publicKey.rawRepresentation)))
        let message = "cosignature/v1\ntime 1679315147\n" + checkpoint.text
        let time: [UInt8] = [0, 0, 0, 0, 0x64, 0x18, 0x50, 0xCB]
        note.signatures.append(
            .init(
                name: cosigner.name, keyID: cosigner.keyID,
                signature: time + Array(try witness.signature(for: Data(message.utf8)))))
        let read = try SignedNote(encoded: note.encoded)
        #expect(cosigner.verify(read) == 1_679_315_147)
        #expect(verifier.verify(read) == 0)
        #expect(try Checkpoint(text: read.text) == checkpoint)
        // A witness that signed a different text.
        let other = SignedNote(
            text: Checkpoint(origin: "example.org/log", size: 8, root: .ofNothing).text,
            signatures: read.signatures)
        #expect(cosigner.verify(other) == nil && verifier.verify(other) == nil)
        #expect(NoteVerifier(verifier.description)?.keyID == verifier.keyID)
    }

    @Test(arguments: [
        ("", "no signatures"), ("text\n", "no signatures"), ("text\n\n", "no signature"),
        ("text\n\nsignature\n", "malformed"), ("text\n\n\u{2014} a+b AAAAAAAA\n", "malformed"),
        ("te\u{1}xt\n\n\u{2014} a AAAAAAAA\n", "control characters"),
        ("text\r\n\r\n\u{2014} a AAAAAAAA\r\n", "control characters"),
        ("text\n\n\u{2014} a AAAAAAA\n", "malformed"), ("text\n\n\u{2014} a AAAA\n", "malformed"),
    ])
    func `a malformed note is refused with the reason`(_ text: String, _ reason: String) {
        let fault = #expect(throws: NoteFault.self) { try SignedNote(encoded: text) }
        #expect(fault?.reason.contains(reason) == true, "\(String(describing: fault))")
    }

    @Test(arguments: [
        ("o\n1\n", "less than three lines"),
        ("\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "origin"),
        ("o\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "not a size"),
        ("o\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", "not a size"),
        ("o\n1\n47DEQpj8HBSa\n", "not a root hash"),
        ("o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "line end"),
    ])
    func `a malformed checkpoint is refused with the reason`(_ text: String, _ reason: String) {
        let fault = #expect(throws: NoteFault.self) { try Checkpoint(text: text) }
        #expect(fault?.reason.contains(reason) == true, "\(String(describing: fault))")
    }
}
