import Foundation
import PKIX
import TestSupport
import Testing
import TokenProtocol
import X509

@testable import Tokens

/// Calls that share messages and sessions, with the real worker on a real SoftHSM.
struct SharedMessageTests {
    let directory: TemporaryDirectory
    let token: Tokens.Token

    init() throws {
        directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        token = Tokens.Token(
            configuration: TokenConfiguration(
                workerPath: Products.path("signet-token-worker"),
                module: ModuleLocation(path: SoftHSM.modulePath), tokenURI: SoftHSM.uri,
                pin: .file(softHSM.pinFile), environment: softHSM.environment),
            logger: .silent)
    }

    @Test func `each of 64 callers gets its own signature`() async throws {
        let made = try await token.generateKeyPair(.ecPrime256v1, identifier: [1], label: "made")
        let key = try await token.privateKey(.ecPrime256v1, identifier: [1], pinned: made.publicKey)
        let signed = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<64 {
                group.addTask {
                    for round in 0..<20 {
                        let bytes = Array("\(caller), \(round)".utf8)
                        let signature = try await key.signature(over: bytes)
                        #expect(made.publicKey.isValidSignature(signature, of: bytes, .sha256WithECDSA))
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
