import Foundation
import Logging
import PKIX
import Synchronization
import TestSupport
import Testing
import TokenProtocol
import Tokens
import X509

/// One key on two tokens, each behind a module that fails when told to.
struct FailoverTests {
    /// Two SoftHSM tokens with the same key, as a maker's cloning leaves them.
    private struct Pair {
        let first: TemporaryDirectory
        let second: TemporaryDirectory
        let tokens: TokenSet
        let key: PinnedKey
        let privateKey: TokenKey
        let events: Events

        init(standards: [String?] = [nil, nil]) async throws {
            first = try TemporaryDirectory()
            second = try TemporaryDirectory()
            let events = Events()
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
                environment: environment, walls: WorkerWalls(paths: [directory.path]), sessions: 1,
                signDeadline: .seconds(3))
        }

        func sign() async throws {
            let bytes = Array("message \(UInt64.random(in: 0 ... .max))".utf8)
            let signature = try await privateKey.signature(over: bytes)
            #expect(key.publicKey.isValidSignature(signature, of: bytes, .sha256WithECDSA))
        }

        /// How many signatures each module was asked for since the last time.
        func signatures() throws -> [Int] {
            try [first, second].map { directory in
                let count = try directory.text("calls").split(separator: "\n").count { $0 == "C_Sign" }
                try directory.write("calls", "")
                return count
            }
        }
    }

    private final class Events: Sendable {
        private let list = Mutex<[TokenEvent]>([])
        func note(_ event: TokenEvent) { list.withLock { $0.append(event) } }
        var all: [TokenEvent] { list.withLock { $0 } }
    }

    struct Trouble: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
    }

    static let troubles = [
        Trouble(testDescription: "device error", script: "C_Sign * return 0x30"),
        Trouble(testDescription: "crash", script: "C_Sign * crash"),
        Trouble(testDescription: "hang", script: "C_Sign * hang"),
        Trouble(testDescription: "wrong signature", script: "C_Sign * corrupt"),
        Trouble(testDescription: "no memory", script: "C_Sign * return 0x31"),
        Trouble(testDescription: "self-test", script: "C_SignInit * return 0x1B6"),
    ]

    @Test(arguments: troubles)
    func `the second token signs when the first cannot, with no error for the caller`(_ trouble: Trouble)
        async throws
    {
        let pair = try await Pair()
        try await pair.sign()
        #expect(try pair.signatures() == [1, 0])
        try pair.first.write("script", trouble.script + "\n")
        for _ in 0..<3 { try await pair.sign() }
        let counts = try pair.signatures()
        #expect(counts[1] == 3)
        #expect(counts[0] <= 3)
        await pair.tokens.close()
    }

    @Test func `the first token signs again when it is well`() async throws {
        let pair = try await Pair()
        try pair.first.write("script", "C_Sign * return 0x32\n")
        for _ in 0..<3 { try await pair.sign() }
        try pair.first.write("script", "# well again\n")
        _ = try pair.signatures()
        var counts = [0, 0]
        let limit = ContinuousClock.now + .seconds(30)
        while counts[0] == 0, ContinuousClock.now < limit {
            try await pair.sign()
            counts = try pair.signatures()
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(counts == [1, 0])
        await pair.tokens.close()
    }

    @Test func `two tries reach a token, not more, and the error says why`() async throws {
        let pair = try await Pair()
        try await pair.sign()
        _ = try await pair.tokens.tokens[1].open()
        for directory in [pair.first, pair.second] { try directory.write("script", "C_Sign * return 0x30\n") }
        _ = try pair.signatures()
        let error = await #expect(throws: HSMError.self) { try await pair.sign() }
        #expect("\(error!)".contains("CKR_DEVICE_ERROR"))
        #expect(try pair.signatures() == [1, 1])
        await pair.tokens.close()
    }

    @Test func `a drained token is not asked and has no worker, until it is resumed`() async throws {
        let pair = try await Pair()
        try await pair.sign()
        _ = try pair.signatures()
        #expect(await pair.tokens.drain("first"))
        #expect(await pair.tokens.tokens[0].workerProcessIdentifier == nil)
        for _ in 0..<3 { try await pair.sign() }
        #expect(try pair.signatures() == [0, 3])
        #expect(await pair.tokens.drain("second"))
        let error = await #expect(throws: HSMError.self) { try await pair.sign() }
        #expect("\(error!)" == "no token is in service: first, second drained")
        #expect(await pair.tokens.resume("first"))
        try await pair.sign()
        #expect(try pair.signatures() == [1, 0])
        #expect(await !pair.tokens.drain("third"))
        await pair.tokens.close()
    }

    @Test func `a token whose objects were out of sight when a key was first asked for has it again later`()
        async throws
    {
        let pair = try await Pair()
        _ = await pair.tokens.drain("second")
        // A new login, which has read no key back.
        _ = await pair.tokens.drain("first")
        _ = await pair.tokens.resume("first")
        try await pair.tokens.tokens[0].open()
        let (here, away) = (pair.first.path("tokens"), pair.first.path("away"))
        try FileManager.default.moveItem(atPath: here, toPath: away)
        let error = await #expect(throws: HSMError.self) { try await pair.sign() }
        #expect(
            "\(error.map { "\($0)" } ?? "")".contains(
                "the token `first` has no key with CKA_ID 01; out of service: second"),
            "\(String(describing: error))")
        try FileManager.default.moveItem(atPath: away, toPath: here)
        var isSigned = false
        for _ in 0..<600 where !isSigned {
            try await Task.sleep(for: .milliseconds(100))
            isSigned = (try? await pair.sign()) != nil
        }
        #expect(isSigned)
        await pair.tokens.close()
    }

    @Test func `draining under load loses no signature`() async throws {
        let pair = try await Pair()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<60 { group.addTask { try await pair.sign() } }
            group.addTask { _ = await pair.tokens.drain("first") }
            try await group.waitForAll()
        }
        _ = try pair.signatures()
        try await pair.sign()
        #expect(try pair.signatures() == [0, 1])
        await pair.tokens.close()
    }

    @Test func `another key under the same CKA_ID is not a copy`() async throws {
        let pair = try await Pair()
        // The second token gets a key of its own.
        await pair.tokens.tokens[1].close()
        try FileManager.default.removeItem(atPath: pair.second.path("tokens"))
        _ = try SoftHSM(pair.second)
        let impostor = Tokens.Token(
            configuration: Pair.configuration("impostor", pair.second, nil, isFaulty: false), logger: .silent)
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

    @Test func `while a token is away or refused, a signature does not start a task that asks it to open`()
        async throws
    {
        let pair = try await Pair()
        try await pair.sign()
        let first = pair.tokens.tokens[0]
        // It fails, and is not there when it is looked for.
        try pair.first.write("script", "C_Sign * return 0x30\n* * absent\n")
        for _ in 0..<300 { try await pair.sign() }
        let asked = first.openingTaskCount
        // At most one for each pause of the breaker, which is a tenth of a second and grows.
        #expect(asked < 60, "\(asked) tasks for 300 signatures")
        // There again, with a PIN that is refused: never asked again.
        try pair.first.write("script", "C_Login * return 0xA0\n")
        let end = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < end {
            try await pair.sign()
            if case .refused = await first.standing { break }
        }
        guard case .refused = await first.standing else {
            Issue.record("\(await first.standing)")
            return
        }
        let then = first.openingTaskCount
        for _ in 0..<100 { try await pair.sign() }
        #expect(first.openingTaskCount == then)
        await pair.tokens.close()
    }

    @Test func `a token that is not declared to meet the standard does not sign`() async throws {
        let pair = try await Pair(standards: ["FIPS_140_2_LEVEL_3_OR_HIGHER", nil])
        try await pair.sign()
        _ = await pair.tokens.drain("first")
        let error = await #expect(throws: HSMError.self) { try await pair.sign() }
        #expect("\(error!)" == "no token is in service: first drained")
        await pair.tokens.close()
    }

    @Test func `keys are read back, and one that drifts stops signing and is on the record`() async throws {
        let pair = try await Pair()
        try await pair.sign()
        await pair.tokens.readBackKeys()
        try await pair.sign()
        // CKA_EXTRACTABLE (0x162) is TRUE from now on, on both.
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
        // CKA_EC_POINT is no point, and the token does not say what the key is.
        "C_GetAttributeValue * lie 0x181=0400", "C_GetAttributeValue * return 0x13",
    ])
    func `a key that cannot be read back stops signing, and its copy signs`(_ script: String) async throws {
        let pair = try await Pair()
        try await pair.sign()
        try pair.first.write("script", script + "\n")
        await pair.tokens.readBackKeys()
        _ = try pair.signatures()
        try await pair.sign()
        #expect(try pair.signatures() == [0, 1])
        #expect(pair.events.all.contains { if case .keyNotUsed = $0.kind { true } else { false } })
        await pair.tokens.close()
    }

    @Test func `nobody waits for a token that hangs while it is opened, and its end does not`() async throws {
        let pair = try await Pair()
        try await pair.sign()
        try await pair.tokens.tokens[1].open()
        try pair.first.write("script", "C_Initialize * hang\n")
        let worker = try #require(await pair.tokens.tokens[0].workerProcessIdentifier)
        kill(worker, SIGKILL)
        func isBeingOpened() async -> Bool {
            if case .notServing("it is being opened") = await pair.tokens.tokens[0].standing {
                true
            } else {
                false
            }
        }
        // A caller that waited for the opening would find it over. The pool sees the worker's end in its own time.
        for _ in 0..<1200 {
            try await pair.sign()
            if await isBeingOpened() { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(await isBeingOpened())
        _ = try pair.signatures()
        for _ in 0..<3 { try await pair.sign() }
        #expect(try pair.signatures() == [0, 3])
        #expect(await isBeingOpened())
        // The opening has two minutes.
        let start = ContinuousClock.now
        await pair.tokens.close()
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func `a worker that was seen to end before a signature asked it is replaced`() async throws {
        let pair = try await Pair()
        try await pair.sign()
        try await pair.tokens.tokens[1].open()
        let first = pair.tokens.tokens[0]
        let worker = try #require(await first.workerProcessIdentifier)
        kill(worker, SIGKILL)
        func wait(untilServing isServing: Bool) async throws {
            let limit = ContinuousClock.now + .seconds(60)
            while await first.isServing != isServing {
                try #require(ContinuousClock.now < limit)
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        try await wait(untilServing: false)
        try await pair.sign()
        #expect(first.openingTaskCount == 1)
        try await wait(untilServing: true)
        #expect(await first.workerProcessIdentifier != worker)
        await pair.tokens.close()
    }

    @Test func `a session that is lost for good is tried twice and not more`() async throws {
        let pair = try await Pair()
        try await pair.sign()
        _ = await pair.tokens.drain("second")
        try pair.first.write("script", "C_Sign * return 0xB0\n")
        _ = try pair.signatures()
        await #expect(throws: HSMError.self) { try await pair.sign() }
        #expect(try pair.signatures() == [2, 0])
        await pair.tokens.close()
    }

    @Test func `a module that its device keeps from starting is tried again`() async throws {
        let pair = try await Pair()
        let token = pair.tokens.tokens[0]
        await token.close()
        try pair.first.write("script", "C_Initialize * return 0x6\n")
        let error = await #expect(throws: HSMError.self) { try await token.open() }
        #expect("\(error!)".contains("C_Initialize: CKR_FUNCTION_FAILED"))
        #expect(error?.needsOperator == false)
        try pair.first.write("script", "# well again\n")
        var isOpen = false
        for _ in 0..<600 where !isOpen {
            try await Task.sleep(for: .milliseconds(50))
            isOpen = (try? await token.open()) != nil
        }
        #expect(isOpen)
        await pair.tokens.close()
    }

    /// CKR_ARGUMENTS_BAD, one of the maker's own, CKR_PIN_TOO_WEAK.
    @Test(arguments: ["0x7", "0x80000011", "0x1B8"])
    func `a login that may have been counted is not made again, whatever it was refused with`(
        _ code: String
    ) async throws {
        let pair = try await Pair()
        let token = pair.tokens.tokens[0]
        await token.close()
        try pair.first.write("script", "C_Login * return \(code)\n")
        try pair.first.write("calls", "")
        for _ in 0..<3 {
            let error = await #expect(throws: HSMError.self) { try await token.open() }
            #expect("\(error!)".contains("it was tried once and will not be tried again"))
        }
        #expect(try pair.first.text("calls").split(separator: "\n").count { $0 == "C_Login" } == 1)
        await pair.tokens.close()
    }

    @Test func `signing searches for nothing, so other objects cost nothing`() async throws {
        let pair = try await Pair()
        try await pair.sign()
        try pair.first.write("calls", "")
        for _ in 0..<5 { try await pair.sign() }
        let calls = try pair.first.text("calls").split(separator: "\n")
        #expect(calls == (0..<5).flatMap { _ in ["C_SignInit", "C_Sign"] })
        await pair.tokens.close()
    }
}
