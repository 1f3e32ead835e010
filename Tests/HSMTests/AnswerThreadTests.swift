import Foundation
import PKIX
import TestSupport
import Testing
import TokenProtocol
import X509

@testable import HSM

/// Where a task goes on whose answer came, with the real worker on a real SoftHSM.
struct AnswerThreadTests {
    let directory: TemporaryDirectory
    let token: HSM.Token

    init() throws {
        directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        token = HSM.Token(
            configuration: TokenConfiguration(
                workerPath: Products.path("signet-token-worker"),
                module: ModuleLocation(path: SoftHSM.modulePath), tokenURI: SoftHSM.uri,
                pin: .file(softHSM.pinFile), environment: softHSM.environment),
            logger: .silent)
    }

    private func makeKey() async throws -> KeyReference {
        let made = try await token.generateKeyPair(KeyKind.ecP256, identifier: [1], label: "made")
        return KeyReference(.ecP256, identifier: [1], publicKey: made.publicKey)
    }

    private func sign(_ key: KeyReference) async throws {
        _ = try await token.unverifiedSignature(
            [UInt8](repeating: 1, count: 32), .sha256, with: key, for: .house)
    }

    /// Signs until a task goes on where its answer was read, as it mostly does. On a busy machine it may never.
    private func goOnWhereAnswersAreRead(_ key: KeyReference) async throws {
        for _ in 0..<1000 {
            try await sign(key)
            // When threads are short, many an answer is there before anybody waits for it.
            if try isAnswerThread() { return }
        }
    }

    private func isAnswerThread() throws -> Bool {
        try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
            == WorkerProcess.readerName + "\n"
    }

    @Test func `a worker can be ended from the thread that reads its answers`() async throws {
        try await goOnWhereAnswersAreRead(try await makeKey())
        // Its end waits for that thread, which has to be let go.
        await token.close()
        #expect(await token.workerProcessIdentifier == nil)
    }

    @Test func `those that one message answers go on beside each other, each with its own`() async throws {
        let made = try await token.generateKeyPair(.ecPrime256v1, identifier: [1], label: "made")
        let key = try await token.privateKey(.ecPrime256v1, identifier: [1], pinned: made.publicKey)
        let signed = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<64 {
                group.addTask {
                    for round in 0..<20 {
                        let bytes = Array("\(caller), \(round)".utf8)
                        let signature = try await key.signAsynchronously(
                            bytes: bytes, signatureAlgorithm: .ecdsaWithSHA256)
                        #expect(
                            made.publicKey.isValidSignature(
                                signature.rawRepresentation, for: bytes, signatureAlgorithm: .ecdsaWithSHA256)
                        )
                    }
                    return 20
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(signed == 64 * 20)
        await token.close()
    }
}
