import Foundation
import PKIX
import TestSupport
import Testing
import TokenProtocol

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

    private func isAnswerThread() -> Bool { Thread.current.name == WorkerProcess.readerName }

    @Test func `a task goes on where its answer was read, until it waits for something else`() async throws {
        let key = try await makeKey()
        var count = 0
        for _ in 0..<100 {
            try await sign(key)
            if isAnswerThread() { count += 1 }
        }
        // When threads are short, many an answer is there before anybody waits for it.
        #expect(count > 0)
        try await Task.sleep(for: .milliseconds(1))
        #expect(!isAnswerThread())

        try await sign(key)
        // From a thread that has to end with it.
        await token.close()
        #expect(!isAnswerThread())
    }

    @Test func `those that one message answers go on beside each other, each with its own`() async throws {
        let key = try await makeKey()
        let places = try await withThrowingTaskGroup(of: [Bool].self) { group in
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
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(places.count == 64 * 20)
        #expect(await token.largestMessage > 1)
        #expect(places.contains(false))
        await token.close()
    }
}
