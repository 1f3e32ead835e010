internal import Foundation
internal import PKIX
internal import X509

extension CeremonyRun {
    /// Checks that every officer with a public key signs, here or on another machine.
    func checkOfficers() throws {
        for name in officerKeys.keys.sorted() + detachedOfficers
        where !file.officers.contains(where: { $0.name == name }) {
            throw CeremonyError.officerKey(name: name, reason: "the ceremony has no officer of this name")
        }
        for officer in file.officers {
            let isDetached = detachedOfficers.contains(officer.name)
            guard let expected = officer.publicKey else {
                guard isDetached else { continue }
                throw CeremonyError.officerKey(
                    name: officer.name,
                    reason:
                        "the ceremony file has no public key, so nothing could verify a detached signature")
            }
            guard let key = officerKeys[officer.name] else {
                if isDetached { continue }
                throw CeremonyError.officerKey(
                    name: officer.name,
                    reason:
                        "the ceremony file has a public key, so the private one is needed (--officer-key), or a signature on another machine (--detached)"
                )
            }
            guard !isDetached else {
                throw CeremonyError.officerKey(
                    name: officer.name, reason: "it cannot sign both here and on another machine")
            }
            guard expected.matches(key.publicKey) else {
                throw CeremonyError.officerKey(
                    name: officer.name, reason: "it is not the private half of the one in the ceremony file")
            }
        }
    }
}

extension CeremonyFile {
    /// The path of the text that an officer signs on another machine: beside the transcript, with the officer's
    /// number in the file, because a name can have any octets.
    public func statementPath(of name: String) -> String? {
        guard let index = officers.firstIndex(where: { $0.name == name }) else { return nil }
        return URL(fileURLWithPath: transcriptPath).deletingPathExtension().path
            + ".officer-\(index + 1).statement"
    }
}

/// The signature algorithm of an officer's own key.
enum OfficerKey {
    static func algorithm(
        of key: Certificate.PrivateKey, name: String
    ) throws -> SignatureAlgorithm {
        for algorithm: SignatureAlgorithm in [
            .ed25519, .ecdsa(.sha256), .ecdsa(.sha384), .ecdsa(.sha512), .rsaPKCS1(.sha256),
        ] where isAlgorithm(algorithm, of: key) {
            return algorithm
        }
        throw CeremonyError.officerKey(name: name, reason: "it is of a kind that cannot sign a transcript")
    }

    private static func isAlgorithm(_ algorithm: SignatureAlgorithm, of key: Certificate.PrivateKey) -> Bool {
        (try? key.sign(bytes: [UInt8](), signatureAlgorithm: algorithm.certificateAlgorithm)) != nil
    }
}
