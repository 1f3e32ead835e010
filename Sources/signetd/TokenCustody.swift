internal import Authorities
internal import JSON
internal import PKIX
internal import Signing
internal import TokenProtocol
internal import Tokens

/// The adapter between use cases and tokens.
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
            publicKey: key.publicKey,
            evidence: Self.json(key.evidence, token: token.name),
            securityStandard: token.securityStandard)
    }

    func securityStandard(of key: KeyReference) async throws -> String? {
        try await tokenSet.find(PinnedKey(key), meeting: key.securityStandard).securityStandard
    }

    func signingKey(_ key: KeyReference, _ priority: SigningPriority) async throws -> SigningKey {
        try await tokenSet.find(PinnedKey(key), meeting: key.securityStandard)
        return SigningKey(key, on: tokenSet, priority)
    }
}

extension TokenCustody: TokenInventory {
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
