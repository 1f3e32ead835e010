import Foundation
import Logging
import PKIX
import Signing
import TestSupport
import Testing
import TokenProtocol
import X509

@testable import Tokens

/// Every kind of trouble a module can make, made by `CFaultyModule` around SoftHSM: what the caller sees,
/// that no wrong signature comes out, how often was logged in, and that the token serves again by itself.
@Suite(.serialized)
struct FaultMatrixTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        /// What the request that meets the fault comes to: nil for a signature, else part of the error.
        let error: String?
        /// Logins from the fault until the token serves again.
        let logins: Int
    }

    static let faults = [
        Fault(
            testDescription: "request: CKR_KEY_FUNCTION_NOT_PERMITTED", script: "C_SignInit 1 return 0x68",
            error: "C_SignInit: CKR_KEY_FUNCTION_NOT_PERMITTED", logins: 0),
        Fault(
            testDescription: "request: CKR_DATA_LEN_RANGE", script: "C_Sign 1 return 0x21",
            error: "C_Sign: CKR_DATA_LEN_RANGE", logins: 0),
        Fault(
            testDescription: "session: CKR_SESSION_HANDLE_INVALID", script: "C_SignInit 1 return 0xB3",
            error: nil,
            logins: 0),
        Fault(
            testDescription: "session: CKR_SESSION_CLOSED", script: "C_Sign 1 return 0xB0", error: nil,
            logins: 0),
        Fault(
            testDescription: "login: CKR_USER_NOT_LOGGED_IN", script: "C_SignInit 1 return 0x101", error: nil,
            logins: 1),
        Fault(
            testDescription: "login: CKR_KEY_HANDLE_INVALID", script: "C_SignInit 1 return 0x60", error: nil,
            logins: 1),
        Fault(
            testDescription: "login: the module logs out", script: "C_SignInit 1 logout", error: nil,
            logins: 1),
        Fault(
            testDescription: "device: CKR_DEVICE_ERROR", script: "C_Sign 1 return 0x30", error: nil, logins: 1
        ),
        Fault(
            testDescription: "device: CKR_DEVICE_REMOVED", script: "C_Sign 1 return 0x32", error: nil,
            logins: 1),
        Fault(
            testDescription: "device: CKR_GENERAL_ERROR", script: "C_Sign 1 return 0x5", error: nil, logins: 1
        ),
        Fault(
            testDescription: "vendor: 0x80000384", script: "C_Sign 1 return 0x80000384", error: nil, logins: 1
        ),
        Fault(
            testDescription: "capacity: CKR_HOST_MEMORY", script: "C_Sign 1 return 0x2",
            error: "C_Sign: CKR_HOST_MEMORY", logins: 0),
        Fault(testDescription: "crash", script: "C_Sign 1 crash", error: nil, logins: 1),
        Fault(
            testDescription: "hang", script: "C_Sign 1 hang", error: "the token did not answer within",
            logins: 1),
        Fault(
            testDescription: "a wrong signature", script: "C_Sign 1 corrupt",
            error: "made a signature with the key 01 that does not verify; it was not released", logins: 1),
        Fault(
            testDescription: "a signature of somebody else", script: "C_Sign 1 wrong-key",
            error: "does not verify; it was not released", logins: 1),
        Fault(testDescription: "a signature cut short", script: "C_Sign 1 truncate 1", error: nil, logins: 1),
        Fault(
            testDescription: "a signature longer than its buffer", script: "C_Sign 1 swell", error: nil,
            logins: 1),
        Fault(
            testDescription: "session: all of them are closed", script: "C_SignInit 1 invalidate-sessions",
            error: nil, logins: 1),
        Fault(
            testDescription: "capacity: CKR_SESSION_COUNT", script: "C_SignInit 1 return 0xB1",
            error: "C_SignInit: CKR_SESSION_COUNT", logins: 0),
        Fault(
            testDescription: "an exec is refused by the sandbox", script: "C_Sign 1 exec", error: nil,
            logins: 0),
        Fault(testDescription: "slow, but in time", script: "C_Sign 1 delay 150", error: nil, logins: 0),
        Fault(
            testDescription: "a fork is refused by the sandbox", script: "C_Sign 1 fork", error: nil,
            logins: 0),
    ]

    /// A token behind the faulty module, with one key, that serves.
    private struct Bench {
        let directory: TemporaryDirectory
        let token: Tokens.Token
        let publicKey: SubjectPublicKey
        let privateKey: TokenKey

        /// - Parameter sharing: whether a message asks for as many signatures as there may be, however long they take
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
                walls: WorkerWalls(paths: [directory.path]), sessions: 1, signDeadline: .seconds(1))
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

        /// Signs something and checks it with the public key.
        func sign() async throws {
            let bytes = Array("message \(UInt64.random(in: 0 ... .max))".utf8)
            let signature = try await privateKey.signature(over: bytes)
            #expect(publicKey.isValidSignature(signature, of: bytes, .sha256WithECDSA))
        }

        func calls(of function: String) throws -> Int {
            try directory.text("calls").split(separator: "\n").count { $0 == function }
        }

        /// Waits until a signature comes out; how long that took.
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
    }

    @Test(arguments: faults)
    func `a fault is met as its class says, and the token serves again by itself`(_ fault: Fault) async throws
    {
        let bench = try await Bench()
        try bench.directory.write("script", fault.script + "\n")
        let start = ContinuousClock.now
        var failure: (any Error)?
        do { try await bench.sign() } catch { failure = error }
        let met = ContinuousClock.now - start
        switch (fault.error, failure) {
        case (nil, nil): break
        case (let expected?, let error?): #expect("\(error)".contains(expected), "\(error)")
        default: Issue.record("\(String(describing: failure))")
        }
        let recovery = try await bench.timeToServe()
        print("\(fault.testDescription): met in \(met), served again after \(recovery)")
        #expect(try bench.calls(of: "C_Login") == fault.logins)
        await bench.token.close()
    }

    @Test(arguments: ["C_Sign 1 return 0x31", "C_SignInit 1 return 0xB1", "C_Sign 1 return 0x201"])
    func `a token short of memory or sessions is left alone for a while, and not opened anew`(
        _ script: String
    )
        async throws
    {
        let bench = try await Bench()
        try bench.directory.write("script", script + "\n")
        await #expect(throws: HSMError.self) { try await bench.sign() }
        let start = ContinuousClock.now
        try await bench.sign()
        // The one session there is rests first.
        #expect(ContinuousClock.now - start >= .milliseconds(95))
        #expect(try bench.calls(of: "C_Login") == 0)
        await bench.token.close()
    }

    @Test func `rests grow while the token stays short, and are short again later`() {
        var sparing = WorkerCalls.Sparing()
        sparing.sessions = 8
        #expect(sparing.places == 4)
        var now = ContinuousClock.now
        var pauses: [Duration] = []
        for _ in 0..<8 {
            let (first, second) = (sparing.begin(at: now), sparing.begin(at: now))
            #expect(first && !second)
            pauses.append(sparing.pause)
            now += sparing.pause
            sparing.end(at: now)
        }
        #expect(pauses.prefix(3) == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
        #expect(pauses.last == .seconds(5))
        let isLater = sparing.begin(at: now + .seconds(11))
        #expect(isLater)
        #expect(sparing.pause == .milliseconds(100))
        sparing.sessions = 1
        #expect(sparing.places == 1)
    }

    @Test func `a fault that stays opens the breaker: requests fail fast, and logins stay few`() async throws
    {
        let bench = try await Bench()
        try bench.directory.write("script", "C_Sign * return 0x30\n")
        var failures = 0
        let end = ContinuousClock.now + .seconds(1)
        while failures < 30 || ContinuousClock.now < end {
            await #expect(throws: HSMError.self) { try await bench.sign() }
            failures += 1
            try await Task.sleep(for: .milliseconds(5))
        }
        // Pauses from 100 ms on, twice as long each time, leave room for a handful; without them there would be one a request.
        let logins = try bench.calls(of: "C_Login")
        #expect(logins <= 10, "\(logins) logins for \(failures) requests")
        try bench.directory.write("script", "# well again\n")
        let recovery = try await bench.timeToServe(atMost: .seconds(5))
        print("after a second of CKR_DEVICE_ERROR: served again after \(recovery)")
        await bench.token.close()
    }

    @Test func `a token that signs wrongly for good opens the breaker too`() async throws {
        let bench = try await Bench()
        try bench.directory.write("script", "C_Sign * corrupt\n")
        for _ in 0..<40 {
            await #expect(throws: HSMError.self) { try await bench.sign() }
            try await Task.sleep(for: .milliseconds(5))
        }
        let logins = try bench.calls(of: "C_Login")
        #expect(logins <= 4, "\(logins) logins")
        await bench.token.close()
    }

    @Test func `a module that fails its self-test is not used again`() async throws {
        let bench = try await Bench()
        // CKR_FIPS_SELF_TEST_FAILED
        try bench.directory.write("script", "C_Sign 1 return 0x1B6\n")
        for _ in 0..<3 {
            let error = await #expect(throws: HSMError.self) { try await bench.sign() }
            #expect("\(String(describing: error))".contains("CKR_FIPS_SELF_TEST_FAILED"))
        }
        #expect(try bench.calls(of: "C_Login") == 0)
        await bench.token.close()
    }

    @Test func `a slow token serves a crowd and is not taken for one that hangs`() async throws {
        let bench = try await Bench()
        // 30 signatures of 100 ms each, one after the other: three times the deadline of one.
        try bench.directory.write("script", "C_Sign * delay 100\n")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<30 { group.addTask { try await bench.sign() } }
            try await group.waitForAll()
        }
        #expect(try bench.calls(of: "C_Login") == 0)
        await bench.token.close()
    }

    /// Many at once, some times over.
    private func crowd(_ bench: Bench, _ count: Int, times: Int) async throws -> [any Error] {
        try await withThrowingTaskGroup(of: (any Error)?.self) { group in
            for _ in 0..<count {
                group.addTask {
                    for _ in 0..<times {
                        do { try await bench.sign() } catch { return error }
                    }
                    return nil
                }
            }
            return try await group.reduce(into: []) { if let error = $1 { $0.append(error) } }
        }
    }

    @Test func `a token that becomes slow while many share messages is not taken for one that hangs`()
        async throws
    {
        let bench = try await Bench(sharing: true)
        #expect(try await crowd(bench, 32, times: 5).isEmpty)
        // Four signatures take longer than one may.
        try bench.directory.write("script", "C_Sign * delay 300\n")
        #expect(try await crowd(bench, 20, times: 1).isEmpty)
        #expect(await bench.token.largestMessage == 8)
        #expect(try bench.calls(of: "C_Login") == 0)
        await bench.token.close()
    }

    @Test(arguments: ["C_Sign 20 hang", "C_Sign 20 crash", "C_Sign 20 return 0x30", "C_Sign 20 corrupt"])
    func `of many that share messages a fault fails one at most, and the others come to the next worker`(
        _ script: String
    ) async throws {
        let bench = try await Bench(sharing: true)
        #expect(try await crowd(bench, 32, times: 5).isEmpty)
        #expect(await bench.token.largestMessage == 8)
        try bench.directory.write("script", script + "\n")
        let errors = try await crowd(bench, 32, times: 3)
        let expected = script.hasSuffix("hang") ? "did not answer within" : "was not released"
        #expect(errors.count <= 1 && errors.allSatisfy { "\($0)".contains(expected) }, "\(errors)")
        if script.hasSuffix("hang") { #expect(errors.count == 1) }
        #expect(try bench.calls(of: "C_Login") == 1)
        await bench.token.close()
    }

    @Test func `making a key takes its time, and signatures wait for it`() async throws {
        let bench = try await Bench()
        try bench.directory.write("script", "C_GenerateKeyPair 1 delay 3000\n")
        async let made = bench.token.generateKeyPair(.ecPrime256v1, identifier: [2], label: "slow")
        try await Task.sleep(for: .milliseconds(100))
        try await bench.sign()
        _ = try await made
        #expect(try bench.calls(of: "C_Login") == 0)
        await bench.token.close()
    }

    @Test func `a PIN that is refused at a recovery is tried once and never again`() async throws {
        let bench = try await Bench()
        try bench.directory.write("script", "C_Sign * return 0x32\nC_Login * return 0xA0\n")
        for _ in 0..<20 {
            let error = await #expect(throws: HSMError.self) { try await bench.sign() }
            #expect("\(String(describing: error))".contains("C_Sign") == false)
            try await Task.sleep(for: .milliseconds(20))
        }
        try bench.directory.write("script", "# well again\n")
        await #expect(throws: HSMError.self) { try await bench.sign() }
        #expect(try bench.calls(of: "C_Login") == 1)
        await bench.token.close()
    }

    @Test func `a key whose attributes drift signs no more`() async throws {
        let bench = try await Bench()
        // CKA_EXTRACTABLE (0x162) is TRUE after the recovery.
        try bench.directory.write("script", "C_Sign 1 return 0x32\nC_GetAttributeValue * lie 0x162=01\n")
        let error = await #expect(throws: HSMError.self) { try await bench.sign() }
        guard case .keyNotProvable(_, let failures)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failures.map(\.name) == ["CKA_EXTRACTABLE"])
        await bench.token.close()
    }

    /// A token behind the faulty module that was not opened yet.
    private func closedToken(
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
                ]) { _, new in new }, walls: WorkerWalls(paths: [directory.path]), sessions: sessions,
                signDeadline: signDeadline), logger: .silent)
    }

    @Test func `a token that counts wrong PINs is never locked, however often the daemon starts`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        try directory.write("wrong", "0000", mode: 0o600)
        var logins = 0
        for start in 1...5 {
            let token = try closedToken(
                "C_Login * count-pins 3", pin: .file(directory.path("wrong")), directory, softHSM)
            let error = await #expect(throws: HSMError.self) { try await token.open() }
            logins += try directory.text("calls").split(separator: "\n").count { $0 == "C_Login" }
            let expected = start <= 2 ? "CKR_PIN_INCORRECT" : "one more wrong PIN would lock the token"
            #expect("\(error!)".contains(expected), "start \(start): \(error!)")
        }
        #expect(logins == 2)
        // An officer with the right PIN still gets in: nothing is locked.
        #expect(try directory.text("script.pins") == "2 3\n")
        try FileManager.default.removeItem(atPath: directory.path("script.pins"))
        let token = try closedToken(
            "C_GetTokenInfo * delay 0", pin: .file(softHSM.pinFile), directory, softHSM)
        try await token.open()
        await token.close()
    }

    @Test func `a PIN given at the token itself opens it, and only where there is a way to give it`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        let token = try closedToken("* * pinpad", pin: .protectedAuthenticationPath, directory, softHSM)
        try await token.open()
        await token.close()
        let without = try closedToken("# plain", pin: .protectedAuthenticationPath, directory, softHSM)
        let error = await #expect(throws: HSMError.self) { try await without.open() }
        #expect("\(error!)".contains("has no protected authentication path"))
        #expect(try !directory.text("calls").contains("C_Login"))
    }

    @Test func `a token that gives fewer sessions than asked for is served by those there are`() async throws
    {
        let directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        // One for the anchor, and one that signs. Two signatures take it longer than one may take.
        let token = try closedToken(
            "C_OpenSession * cap-sessions 2\nC_Sign * delay 600", pin: .file(softHSM.pinFile), directory,
            softHSM, sessions: 4, signDeadline: .seconds(1))
        let made = try await token.generateKeyPair(.ecP256, identifier: [1], label: "k")
        #expect(made.evidence.verdict == .selfReported)
        let key = PinnedKey(.ecP256, identifier: [1], publicKey: made.publicKey)
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    _ = try await token.unverifiedSignature(
                        [UInt8](repeating: 1, count: 32), .sha256, with: key, .daemon)
                }
            }
            try await group.waitForAll()
        }
        // One worker did it all.
        #expect(try directory.text("calls").split(separator: "\n").count { $0 == "C_Login" } == 1)
        await token.close()
    }

    @Test func `a token that gives no session to sign with is not opened, and says why`() async throws {
        let directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        let token = try closedToken(
            "C_OpenSession * cap-sessions 1", pin: .file(softHSM.pinFile), directory, softHSM)
        let error = await #expect(throws: HSMError.self) { try await token.open() }
        #expect("\(error!)".contains("C_OpenSession: CKR_SESSION_COUNT"))
        // The anchor was all there was: what is missing is a session, and not the login.
        #expect(try directory.text("calls").split(separator: "\n").count { $0 == "C_Login" } == 1)
        await token.close()
    }

    @Test func `pauses grow with the outage, up to their limit`() {
        #expect(
            BreakerProbe.pauses([0, 50, 400, 1000, 4000, 40_000, 400_000])
                == [0, 100, 100, 250, 1000, 10_000, 10_000])
    }
}
