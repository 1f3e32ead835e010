import Foundation
import Logging
import PKIX
import Signing
import TestSupport
import Testing
import TokenProtocol

@testable import Tokens

/// An open token behind the faulty module, with one key.
struct FaultyTokenFixture {
    let directory: TemporaryDirectory
    let token: Tokens.Token
    let publicKey: SubjectPublicKey
    let privateKey: TokenKey

    /// - Parameter sharing: whether a message carries as many signatures as possible, however long they take
    init(sharing: Bool = false) async throws {
        let directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        var environment = softHSM.environment
        environment["SIGNET_FAULTY_MODULE"] = SoftHSM.modulePath
        environment["SIGNET_FAULTY_CONTROL"] = directory.path("script")
        environment["SIGNET_FAULTY_LOG"] = directory.path("calls")
        try directory.write("script", "# well behaved\n")
        var configuration = TokenConfiguration(
            workerPath: Products.path("signet-token-worker"),
            module: .built(Products.path("libCFaultyModule.so")), tokenURI: SoftHSM.uri,
            pin: .file(softHSM.pinFile), environment: environment,
            confinement: WorkerConfinement(paths: [directory.path]), sessions: 1, signDeadline: .seconds(1))
        if sharing { configuration.messagePatience = .seconds(60) }
        let token = Tokens.Token(configuration: configuration, logger: .silent)
        let key = try await token.generateKeyPair(.ecPrime256v1, identifier: [1], label: "k")
        self.directory = directory
        self.token = token
        publicKey = key.publicKey
        privateKey = try await token.privateKey(.ecPrime256v1, identifier: [1], pinned: key.publicKey)
        try await sign()
        try directory.write("calls", "")
    }

    /// Signs a message and verifies the signature with the public key.
    func sign() async throws {
        let bytes = Array("message \(UInt64.random(in: 0 ... .max))".utf8)
        let signature = try await privateKey.signature(over: bytes)
        #expect(publicKey.isValidSignature(signature, of: bytes, .sha256WithECDSA))
    }

    func calls(of function: String) throws -> Int {
        try directory.text("calls").split(separator: "\n").count { $0 == function }
    }

    /// Retries until a signature succeeds, and returns how long that took.
    func timeToServe(atMost limit: Duration = .seconds(15)) async throws -> Duration {
        let start = ContinuousClock.now
        while true {
            do {
                try await sign()
                return ContinuousClock.now - start
            } catch {
                guard ContinuousClock.now - start < limit else { throw error }
                try await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    /// A token behind the faulty module that has not been opened.
    static func closedToken(
        _ script: String, pin: PINSource, _ directory: TemporaryDirectory, _ softHSM: SoftHSM,
        sessions: Int = 2, signDeadline: Duration = .seconds(10)
    ) throws -> Tokens.Token {
        try directory.write("script", script + "\n")
        try directory.write("calls", "")
        return Tokens.Token(
            configuration: TokenConfiguration(
                workerPath: Products.path("signet-token-worker"),
                module: .built(Products.path("libCFaultyModule.so")), tokenURI: SoftHSM.uri, pin: pin,
                environment: softHSM.environment.merging([
                    "SIGNET_FAULTY_MODULE": SoftHSM.modulePath,
                    "SIGNET_FAULTY_CONTROL": directory.path("script"),
                    "SIGNET_FAULTY_LOG": directory.path("calls"), "SIGNET_FAULTY_PIN": softHSM.pinFile,
                ]) { _, new in new }, confinement: WorkerConfinement(paths: [directory.path]),
                sessions: sessions,
                signDeadline: signDeadline), logger: .silent)
    }
}
