internal import CA
internal import Issuance
internal import JSON
internal import PKIX
internal import TokenProtocol
internal import Tokens
internal import X509

/// Gives the certificate authorities their keys: the seam between the use cases and the tokens.
struct TokenCustody: KeyCustody {
    let tokenSet: TokenSet

    var securityStandards: Set<String> { tokenSet.securityStandards }

    var makesKeys: Bool { tokenSet.makesKeys }

    func generateKeyPair(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], label: String, meeting standard: String?
    ) async throws -> GeneratedKey {
        let (key, token) = try await tokenSet.generateKeyPair(
            KeyKind(algorithm), identifier: identifier, label: label, meeting: standard)
        return GeneratedKey(
            publicKey: key.publicKey, evidence: Self.json(key.evidence, token: token.name),
            securityStandard: token.securityStandard)
    }

    func securityStandard(
        ofKey identifier: [UInt8], _ algorithm: KeyAlgorithm, publicKey: PinnedPublicKey
    ) async throws -> String? {
        let key = KeyReference(KeyKind(algorithm), identifier: identifier, publicKey: publicKey.key)
        return try await tokenSet.find(key, meeting: nil).securityStandard
    }

    func signingKey(
        _ algorithm: KeyAlgorithm, identifier: [UInt8], publicKey: PinnedPublicKey,
        meeting standard: String?, for claim: SigningClaim
    ) async throws -> SigningKey {
        SigningKey(
            identifier: identifier, publicKey: publicKey,
            privateKey: try await tokenSet.privateKey(
                algorithm, identifier: identifier, pinned: publicKey.key, meeting: standard,
                for: TokenClaim(claimant: claim.claimant, isUrgent: claim.isUrgent)))
    }

    func sign(note: [UInt8], identifier: [UInt8], publicKey: Certificate.PublicKey) async throws -> [UInt8] {
        // What begins like DER could be a certificate's (LogIdentity).
        guard note.first != 0x30 else { throw NoteIsDER() }
        let key = try await tokenSet.privateKey(
            .ecPrime256v1, identifier: identifier, pinned: publicKey, meeting: nil,
            for: .house)
        return Array(
            try await key.signAsynchronously(bytes: note, signatureAlgorithm: .ecdsaWithSHA256)
                .rawRepresentation)
    }

    private struct NoteIsDER: Error {}

    func tokens() async -> [CustodyToken] {
        var list: [CustodyToken] = []
        for token in tokenSet.tokens {
            let configuration = token.configuration
            var entry = CustodyToken(
                name: configuration.name, status: .notServing, profile: configuration.profile.name,
                securityStandard: configuration.securityStandard)
            switch await token.standing {
            case _ where tokenSet.isDrained(configuration.name): entry.status = .drained
            case .serving(let description):
                entry.status = .serving
                entry.label = description.label
                entry.serialNumber = description.serialNumber
                entry.model = description.model
            case .notServing(let reason): entry.reason = reason
            case .refused(let reason):
                entry.status = .refused
                entry.reason = reason
            }
            list.append(entry)
        }
        return list
    }

    func privateKeys(onToken name: String) async throws -> [CustodyKey] {
        guard let token = tokenSet.tokens.first(where: { $0.configuration.name == name }) else { return [] }
        return try await token.privateKeys().map { CustodyKey(identifier: $0.identifier, label: $0.label) }
    }

    func drainToken(_ name: String) async -> Bool { await tokenSet.drain(name) }

    func resumeToken(_ name: String) async -> Bool { await tokenSet.resume(name) }

    private static func json(_ evidence: KeyEvidence, token: String) -> JSONValue {
        let attributes = evidence.readings.map { ($0.name, JSONValue.string($0.found)) }
        return [
            "token": .string(token),
            "verdict": .string("\(evidence.verdict)"),
            "attributes": .object(JSONObject(attributes)),
        ]
    }
}
