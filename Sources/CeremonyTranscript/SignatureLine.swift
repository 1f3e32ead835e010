internal import Foundation
internal import JSON
internal import PKIX

/// A Signature line: who signed which line, and how. A line has exactly the members of its form, because its last
/// one is protected by its own signature alone.
struct SignatureLine {
    let signer: String
    /// The signer's own key; nil for the key of the ceremony.
    let ownKey: SubjectPublicKey?
    let algorithm: SignatureAlgorithm
    let signature: [UInt8]
    /// SHA-256 of the line that a detached signature signs; nil for the line before this one.
    let signedLine: String?
    /// Nil for a signature over the statement itself.
    let sshHash: SSHSignature.Hash?

    private static let members: Set<String> = ["signer", "algorithm", "signature"]

    init(
        signer: String, ownKey: SubjectPublicKey?, algorithm: SignatureAlgorithm, signature: [UInt8],
        signedLine: String? = nil, sshHash: SSHSignature.Hash? = nil
    ) {
        self.signer = signer
        self.ownKey = ownKey
        self.algorithm = algorithm
        self.signature = signature
        self.signedLine = signedLine
        self.sshHash = sshHash
    }

    /// - Parameter keySigner: the name under which the key of the ceremony signs
    init(_ entry: TranscriptEntry, keySigner: String) throws(TranscriptError) {
        let number = entry.index + 1
        guard entry.step == .signature, let signer = entry.details["signer"]?.stringValue else {
            throw .line(number, "something other than a signature stands behind the end")
        }
        let isOfTheKey = signer == keySigner
        let own = entry.details["subjectPublicKeyInfo"]?.stringValue.flatMap(CeremonyRecord.publicKey)
        guard isOfTheKey || own != nil else { throw .line(number, "the signer has no public key") }
        var expected = Self.members
        if !isOfTheKey { expected.insert("subjectPublicKeyInfo") }
        let signedLine = entry.details["signedLine"]?.stringValue
        let sshHash = entry.details["sshHash"]?.stringValue.flatMap { SSHSignature.Hash(rawValue: $0) }
        if !isOfTheKey, signedLine != nil { expected.insert("signedLine") }
        if !isOfTheKey, signedLine != nil, sshHash != nil { expected.insert("sshHash") }
        guard Set(entry.details.names) == expected else {
            throw .line(number, "it does not have the members of a signature")
        }
        guard
            let algorithm = entry.details["algorithm"]?.stringValue.flatMap(CeremonySignature.algorithm),
            let text = entry.details["signature"]?.stringValue, let signature = Data(base64Encoded: text),
            signature.base64EncodedString() == text
        else { throw .line(number, Self.refusal(signer)) }
        self.init(
            signer: signer, ownKey: isOfTheKey ? nil : own, algorithm: algorithm, signature: Array(signature),
            signedLine: signedLine, sshHash: sshHash)
    }

    var details: JSONObject {
        var details: JSONObject = [
            "signer": .string(signer), "algorithm": .string(CeremonySignature.name(algorithm) ?? ""),
            "signature": .string(Data(signature).base64EncodedString()),
        ]
        if let ownKey {
            details["subjectPublicKeyInfo"] = .string(Data(ownKey.derBytes).base64EncodedString())
        }
        if let signedLine { details["signedLine"] = .string(signedLine) }
        if let sshHash { details["sshHash"] = .string(sshHash.rawValue) }
        return details
    }

    /// - Parameter statement: the text that the signer signs
    func isValid(for statement: Data, by key: SubjectPublicKey) -> Bool {
        let text = Array(statement)
        return key.isValidSignature(
            signature, of: sshHash.map { SSHSignature.signedOctets(text, $0) } ?? text, algorithm)
    }

    static func refusal(_ signer: String) -> String { "the signature of \(signer) does not verify" }
}
