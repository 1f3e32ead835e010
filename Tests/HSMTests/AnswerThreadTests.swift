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

    /// Signs until a task goes on where its answer was read; that it ever does is what fails otherwise.
    private func goOnWhereAnswersAreRead(_ key: KeyReference) async throws {
        for _ in 0..<1000 {
            try await sign(key)
            // When threads are short, many an answer is there before anybody waits for it.
            if try isAnswerThread() { return }
        }
        Issue.record("no task went on where its answer was read")
    }

    private func isAnswerThread() throws -> Bool {
        try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
            == WorkerProcess.readerName + "\n"
    }

    @Test func `a task goes on where its answer was read, until it waits for something else`() async throws {
        let key = try await makeKey()
        try await goOnWhereAnswersAreRead(key)
        try await Task.sleep(for: .milliseconds(1))
        #expect(try !isAnswerThread())
        await token.close()
    }

    /// What the kernel lets this thread run on.
    private func cores() throws -> Substring? {
        try String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8).split(separator: "\n")
            .first { $0.hasPrefix("Cpus_allowed:") }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1, "there is one core"))
    func `who asks again and again is waited for on one core, and nothing that is started there stays on it`()
        async throws
    {
        let all = try cores()
        let key = try await makeKey()
        var isHeld = false
        for _ in 0..<1000 where !isHeld {
            try await sign(key)
            isHeld = try isAnswerThread() && cores() != all
        }
        #expect(isHeld)
        // Dispatch may make a thread for it, from here.
        let started = Task.detached { try cores() }
        #expect(try cores() == all)
        #expect(try await started.value == all)
        // Nor is anybody waited for there who has stopped asking.
        for _ in 0..<20 {
            try await goOnWhereAnswersAreRead(key)
            try await sign(key)
            try await Task.sleep(for: .milliseconds(1))
            try await sign(key)
            if try isAnswerThread() { #expect(try cores() == all) }
        }
        await token.close()
    }

    @Test func `a worker can be ended from the thread that reads its answers`() async throws {
        try await goOnWhereAnswersAreRead(try await makeKey())
        // Its end waits for that thread, which has to be let go.
        await token.close()
        #expect(try !isAnswerThread())
        #expect(await token.workerProcessIdentifier == nil)
    }

    @Test func `those that one message answers go on beside each other, each with its own`() async throws {
        let made = try await token.generateKeyPair(.ecPrime256v1, identifier: [1], label: "made")
        let key = try await token.privateKey(.ecPrime256v1, identifier: [1], pinned: made.publicKey)
        let places = try await withThrowingTaskGroup(of: [Bool].self) { group in
            for caller in 0..<64 {
                group.addTask {
                    var places: [Bool] = []
                    for round in 0..<20 {
                        let bytes = Array("\(caller), \(round)".utf8)
                        let signature = try await key.signAsynchronously(
                            bytes: bytes, signatureAlgorithm: .ecdsaWithSHA256)
                        places.append(try isAnswerThread())
                        #expect(
                            made.publicKey.isValidSignature(
                                signature.rawRepresentation, for: bytes, signatureAlgorithm: .ecdsaWithSHA256)
                        )
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
