internal import Crypto
internal import Foundation
internal import Identifiers

/// A text with signatures (C2SP signed-note).
public struct SignedNote: Sendable, Hashable {
    /// One signature line: the signer, the key and the signature.
    public struct Signature: Sendable, Hashable {
        public let name: String
        /// Four octets.
        public let keyID: [UInt8]
        public let signature: [UInt8]

        public init(name: String, keyID: [UInt8], signature: [UInt8]) {
            self.name = name
            self.keyID = keyID
            self.signature = signature
        }

        var line: String { "\u{2014} \(name) \(Data(keyID + signature).base64EncodedString())\n" }

        init?(line: Substring) {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0] == "\u{2014}", NoteVerifier.isName(String(parts[1])),
                let octets = Data(base64Encoded: String(parts[2])), octets.count > 4
            else { return nil }
            self.init(
                name: String(parts[1]), keyID: Array(octets.prefix(4)), signature: Array(octets.dropFirst(4)))
        }
    }

    /// The text, including the final line end.
    public let text: String
    public var signatures: [Signature]

    public init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }

    public var encoded: String { text + "\n" + signatures.map(\.line).joined() }

    /// - Throws: ``NoteFault``
    public init(encoded: String) throws(NoteFault) {
        guard encoded.utf8.count <= 1_000_000 else { throw NoteFault(reason: "the note is longer than 1 MB") }
        // A note has no control characters but line ends.
        guard encoded.unicodeScalars.allSatisfy({ $0 == "\n" || ($0.value >= 0x20 && $0.value != 0x7F) })
        else {
            throw NoteFault(reason: "the note holds control characters")
        }
        guard let divide = encoded.range(of: "\n\n", options: .backwards), encoded.hasSuffix("\n"),
            divide.upperBound != encoded.endIndex
        else {
            throw NoteFault(
                reason: "the note has no signatures: an empty line and signature lines must end it")
        }
        text = String(encoded[..<encoded.index(after: divide.lowerBound)])
        let lines = encoded[divide.upperBound...].dropLast().split(
            separator: "\n", omittingEmptySubsequences: false)
        guard (1...100).contains(lines.count) else {
            throw NoteFault(reason: "the note has no signature, or over 100")
        }
        var signatures: [Signature] = []
        for line in lines {
            guard let signature = Signature(line: line) else {
                throw NoteFault(reason: "a signature line of the note is malformed: `\(line.prefix(64))`")
            }
            signatures.append(signature)
        }
        self.signatures = signatures
    }
}

/// A key that verifies notes, in its text form `name+keyid+base64` (C2SP signed-note, "Verifier keys").
public struct NoteVerifier: Sendable, CustomStringConvertible {
    public enum Algorithm: UInt8, Sendable {
        case ed25519 = 0x01
        /// P-256 with SHA-256, the signature in DER.
        case ecdsa = 0x02
        /// C2SP tlog-cosignature: the signature of a witness over the time and the note.
        case cosignature = 0x04
    }

    public let name: String
    public let algorithm: Algorithm
    /// 32 octets for Ed25519, DER of the SubjectPublicKeyInfo for ECDSA.
    public let key: [UInt8]
    public let keyID: [UInt8]

    public init?(name: String, algorithm: Algorithm, key: [UInt8]) {
        guard Self.isName(name) else { return nil }
        switch algorithm {
        case .ed25519, .cosignature:
            guard (try? Curve25519.Signing.PublicKey(rawRepresentation: key)) != nil else { return nil }
        case .ecdsa: guard (try? P256.Signing.PublicKey(derRepresentation: key)) != nil else { return nil }
        }
        self.name = name
        self.algorithm = algorithm
        self.key = key
        keyID = Self.keyID(name, algorithm, key)
    }

    public init?(_ text: String) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let octets = Data(base64Encoded: String(parts[2])), let kind = octets.first,
            let algorithm = Algorithm(rawValue: kind)
        else { return nil }
        self.init(name: String(parts[0]), algorithm: algorithm, key: Array(octets.dropFirst()))
        guard hexadecimal(keyID) == parts[1] else { return nil }
    }

    public var description: String {
        "\(name)+\(hexadecimal(keyID))+\(Data([algorithm.rawValue] + key).base64EncodedString())"
    }

    /// The time of a valid cosignature of this key in seconds since 1970, or 0 for a valid signature of
    /// another kind. Nil when the note has no signature of this key, and when a signature that claims to be
    /// of this key does not verify.
    public func verify(_ note: SignedNote) -> UInt64? {
        let own = note.signatures.filter { $0.name == name && $0.keyID == keyID }
        guard !own.isEmpty else { return nil }
        var time: UInt64 = 0
        for signature in own {
            guard let signed = check(signature.signature, Data(note.text.utf8)) else { return nil }
            time = signed
        }
        return time
    }

    private func check(_ signature: [UInt8], _ text: Data) -> UInt64? {
        switch algorithm {
        case .ed25519:
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key)
            return key?.isValidSignature(signature, for: text) == true ? 0 : nil
        case .ecdsa:
            guard let key = try? P256.Signing.PublicKey(derRepresentation: key),
                let parsed = try? P256.Signing.ECDSASignature(derRepresentation: signature)
            else { return nil }
            return key.isValidSignature(parsed, for: text) ? 0 : nil
        case .cosignature:
            guard signature.count == 8 + 64 else { return nil }
            let time = signature.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let message = Data("cosignature/v1\ntime \(time)\n".utf8) + text
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key)
            return key?.isValidSignature(signature.dropFirst(8), for: message) == true ? time : nil
        }
    }

    // C2SP signed-note, "Signatures": SHA-256 of name, line end, algorithm and key. For ECDSA it is of the
    // key alone, as before key types were introduced.
    private static func keyID(_ name: String, _ algorithm: Algorithm, _ key: [UInt8]) -> [UInt8] {
        let input = algorithm == .ecdsa ? Data(key) : Data(name.utf8) + [0x0A, algorithm.rawValue] + key
        return Array(SHA256.hash(data: input).prefix(4))
    }

    /// Whether a name is not empty and has no blanks and no plus signs.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.contains("+") && !text.unicodeScalars.contains { $0.properties.isWhitespace }
    }
}
