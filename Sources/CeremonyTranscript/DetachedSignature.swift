public import Foundation
public import PKIX

/// A signature of an officer that was made elsewhere, over ``CeremonyRecord/detachedStatement(of:)``.
public struct DetachedSignature: Sendable, Hashable {
    public let officer: String
    public let key: SubjectPublicKey
    /// The octets of a file: of `ssh-keygen -Y sign`, or a signature as X.509 encodes it.
    public let file: [UInt8]

    public init(officer: String, key: SubjectPublicKey, file: [UInt8]) {
        self.officer = officer
        self.key = key
        self.file = file
    }

    /// The line with the signature, if it is one of the key over the statement.
    func line(over statement: Data, signing line: String) throws(TranscriptError) -> SignatureLine {
        var candidates: [SignatureLine] = []
        if SSHSignature.isArmored(file) {
            let signature = try SSHSignature(armored: file)
            candidates = [
                SignatureLine(
                    signer: officer, ownKey: key, algorithm: signature.algorithm,
                    signature: signature.signature, signedLine: line, sshHash: signature.hash)
            ]
        } else {
            candidates = CeremonySignature.all.map {
                SignatureLine(
                    signer: officer, ownKey: key, algorithm: $0, signature: file, signedLine: line)
            }
        }
        guard let valid = candidates.first(where: { $0.isValid(for: statement, by: key) }) else {
            throw .malformed(
                "the signature is not one of \(officer)'s key over the statement of this transcript")
        }
        return valid
    }
}

extension CeremonyRecord {
    /// The text that an officer signs on another machine: a statement about the Signature line of the key, which
    /// covers all lines up to it. It does not depend on other officers, who sign in any order.
    public func detachedStatement(of officer: String) -> Data {
        Transcript.statement(after: keySignature.digest, signer: officer, time: keySignature.time)
    }

    /// The file of the transcript with one more line: the signature.
    /// - Throws: for an officer who signed already, and for a signature that does not verify
    public func adding(_ signature: DetachedSignature) throws(TranscriptError) -> Data {
        guard !officers.contains(where: { $0.name == signature.officer }) else {
            throw .malformed("\(signature.officer) signed this transcript already")
        }
        let line = try signature.line(
            over: detachedStatement(of: signature.officer), signing: keySignature.digest)
        let entry = TranscriptEntry(
            index: entries.count, time: keySignature.time, step: .signature, details: line.details,
            previous: lastLineDigest)
        let added: Data
        do { added = try entry.line() } catch { throw .malformed("the line cannot be encoded") }
        let file = file + added + Data("\n".utf8)
        // Nothing is written that does not verify.
        _ = try CeremonyRecord(verifying: file)
        return file
    }
}
