import Foundation
import TestSupport
import Testing
import TokenProtocol
import Tokens

/// Keys that are read back from their tokens and no longer pass their proof.
struct KeyReadBackTests {
    @Test func `a different key under the same CKA_ID is not accepted as a copy`() async throws {
        let pair = try await TokenPair()
        // The second token gets a different key.
        await pair.tokens.tokens[1].close()
        try FileManager.default.removeItem(atPath: pair.second.path("tokens"))
        _ = try SoftHSM(pair.second)
        let impostor = Tokens.Token(
            configuration: TokenPair.configuration("impostor", pair.second, nil, isFaulty: false),
            logger: .silent)
        _ = try await impostor.generateKeyPair(.ecP256, identifier: [1], label: "k")
        await impostor.close()
        _ = await pair.tokens.drain("first")
        let error = await #expect(throws: HSMError.self) { try await pair.sign() }
        guard case .publicKeyChanged? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(
            pair.events.all.contains {
                if case .keyNotUsed = $0.kind { $0.token == "second" } else { false }
            })
        await pair.tokens.close()
    }

    @Test func `keys are read back, and a key whose attributes changed stops signing and is reported`()
        async throws
    {
        let pair = try await TokenPair()
        try await pair.sign()
        await pair.tokens.readBackKeys()
        try await pair.sign()
        // From now on CKA_EXTRACTABLE (0x162) is TRUE on both tokens.
        for directory in [pair.first, pair.second] {
            try directory.write("script", "C_GetAttributeValue * lie 0x162=01\n")
        }
        await pair.tokens.readBackKeys()
        _ = try pair.signatures()
        let error = await #expect(throws: HSMError.self) { try await pair.sign() }
        #expect("\(error!)".contains("CKA_EXTRACTABLE is TRUE, not FALSE"))
        #expect(try pair.signatures() == [0, 0])
        #expect(
            pair.events.all.contains {
                if case .keyNotUsed(_, let reason) = $0.kind {
                    reason.contains("CKA_EXTRACTABLE")
                } else {
                    false
                }
            })
        await pair.tokens.close()
    }

    @Test(arguments: [
        // CKA_EC_POINT is not a point; the token does not return the attribute.
        "C_GetAttributeValue * lie 0x181=0400", "C_GetAttributeValue * return 0x13",
    ])
    func `a key that cannot be read back stops signing, and its copy signs`(_ script: String) async throws {
        let pair = try await TokenPair()
        try await pair.sign()
        try pair.first.write("script", script + "\n")
        await pair.tokens.readBackKeys()
        _ = try pair.signatures()
        try await pair.sign()
        #expect(try pair.signatures() == [0, 1])
        #expect(pair.events.all.contains { if case .keyNotUsed = $0.kind { true } else { false } })
        await pair.tokens.close()
    }
}
