import Foundation
import PKIX
import TestSupport
import Testing
import TokenProtocol

@testable import HSM

/// Where a task goes on whose answer came, with the real worker on a real SoftHSM.
struct AnswerExecutorTests {
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

    private func isAnswerThread() -> Bool { Thread.current is AnswerThread }

    @Test func `a task that prefers it goes on where its answer was read, and no other does`() async throws {
        let key = try await makeKey()
        #expect(!isAnswerThread())
        try await withTaskExecutorPreference(AnswerExecutor.shared) {
            #expect(!isAnswerThread())
            try await sign(key)
            #expect(isAnswerThread())
            // To whoever lets others go first, their answers may be among them.
            await Task.yield()
            #expect(!isAnswerThread())
            // The worker's end is no answer: what waits for it would keep its thread from ending.
            await token.close()
            #expect(!isAnswerThread())
        }
        #expect(!isAnswerThread())
    }

    @Test func `of those that one message answers, one goes on there and the others beside it`() async throws
    {
        let key = try await makeKey()
        let (there, beside) = try await withTaskExecutorPreference(AnswerExecutor.shared) {
            try await withThrowingTaskGroup(of: [Bool].self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        var places: [Bool] = []
                        for _ in 0..<20 {
                            try await sign(key)
                            places.append(isAnswerThread())
                        }
                        return places
                    }
                }
                return try await group.reduce(into: (0, 0)) { counts, places in
                    counts.0 += places.count { $0 }
                    counts.1 += places.count { !$0 }
                }
            }
        }
        #expect(there + beside == 64 * 20)
        #expect(await token.largestMessage > 1)
        #expect(there > 0)
        #expect(beside > 0)
        await token.close()
    }
}
