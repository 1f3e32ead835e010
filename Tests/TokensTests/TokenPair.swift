import Foundation
import Logging
import PKIX
import Synchronization
import TestSupport
import Testing
import TokenProtocol
import Tokens

/// Two SoftHSM tokens with the same key, as a vendor's cloning makes them.
struct TokenPair {
    let first: TemporaryDirectory
    let second: TemporaryDirectory
    let tokens: TokenSet
    let key: PinnedKey
    let privateKey: TokenKey
    let events: TokenEvents

    init(standards: [String?] = [nil, nil]) async throws {
        first = try TemporaryDirectory()
        second = try TemporaryDirectory()
        let events = TokenEvents()
        self.events = events
        _ = try SoftHSM(first)
        let maker = Tokens.Token(
            configuration: Self.configuration("maker", first, nil, isFaulty: false), logger: .silent)
        let made = try await maker.generateKeyPair(.ecP256, identifier: [1], label: "k")
        await maker.close()
        _ = try SoftHSM(second)
        try FileManager.default.removeItem(atPath: second.path("tokens"))
        try FileManager.default.copyItem(atPath: first.path("tokens"), toPath: second.path("tokens"))
        tokens = TokenSet(
            [("first", first, standards[0]), ("second", second, standards[1])].map {
                name, directory, standard in
                Tokens.Token(
                    configuration: Self.configuration(name, directory, standard, isFaulty: true),
                    logger: .silent, report: { events.note($0) })
            })
        key = PinnedKey(.ecP256, identifier: [1], publicKey: made.publicKey)
        privateKey = TokenKey(
            tokens, .ecPrime256v1, identifier: [1], publicKey: made.publicKey, meeting: standards[0])
        try await tokens.find(key, meeting: standards[0])
    }

    static func configuration(
        _ name: String, _ directory: TemporaryDirectory, _ standard: String?, isFaulty: Bool
    ) -> TokenConfiguration {
        var environment = ["SOFTHSM2_CONF": directory.path("softhsm2.conf")]
        var module = ModuleLocation(path: SoftHSM.modulePath)
        if isFaulty {
            module = .built(Products.path("libCFaultyModule.so"))
            environment["SIGNET_FAULTY_MODULE"] = SoftHSM.modulePath
            environment["SIGNET_FAULTY_CONTROL"] = directory.path("script")
            environment["SIGNET_FAULTY_LOG"] = directory.path("calls")
            try? directory.write("script", "# well behaved\n")
            try? directory.write("calls", "")
        }
        return TokenConfiguration(
            name: name, workerPath: Products.path("signet-token-worker"), module: module,
            tokenURI: SoftHSM.uri, pin: .file(directory.path("pin")), securityStandard: standard,
            environment: environment, confinement: WorkerConfinement(paths: [directory.path]), sessions: 1,
            signDeadline: .seconds(3))
    }

    func sign() async throws {
        let bytes = Array("message \(UInt64.random(in: 0 ... .max))".utf8)
        let signature = try await privateKey.signature(over: bytes)
        #expect(key.publicKey.isValidSignature(signature, of: bytes, .sha256WithECDSA))
    }

    /// The number of signatures requested from each module since the last call.
    func signatures() throws -> [Int] {
        try [first, second].map { directory in
            let count = try directory.text("calls").split(separator: "\n").count { $0 == "C_Sign" }
            try directory.write("calls", "")
            return count
        }
    }
}

final class TokenEvents: Sendable {
    private let list = Mutex<[TokenEvent]>([])
    func note(_ event: TokenEvent) { list.withLock { $0.append(event) } }
    var all: [TokenEvent] { list.withLock { $0 } }
}
