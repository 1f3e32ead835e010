import Foundation
import PKIX
import Signing
import TestSupport
import Testing
import TokenProtocol

@testable import Tokens

/// Every fault of a module that `CFaultyModule` can simulate around SoftHSM: the result for the caller, the
/// number of logins, and the recovery. No wrong signature may be released.
@Suite(.serialized)
struct FaultMatrixTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        /// The outcome of the request that meets the fault: nil for a signature, else part of the error.
        let error: String?
        /// The number of logins from the fault until the token serves again.
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
            testDescription: "a signature of another key", script: "C_Sign 1 wrong-key",
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

    @Test(arguments: faults)
    func `a fault is handled as its class requires, and the token recovers by itself`(_ fault: Fault)
        async throws
    {
        let fixture = try await FaultyTokenFixture()
        try fixture.directory.write("script", fault.script + "\n")
        let start = ContinuousClock.now
        var failure: (any Error)?
        do { try await fixture.sign() } catch { failure = error }
        let met = ContinuousClock.now - start
        switch (fault.error, failure) {
        case (nil, nil): break
        case (let expected?, let error?): #expect("\(error)".contains(expected), "\(error)")
        default: Issue.record("\(String(describing: failure))")
        }
        let recovery = try await fixture.timeToServe()
        print("\(fault.testDescription): met in \(met), served again after \(recovery)")
        #expect(try fixture.calls(of: "C_Login") == fault.logins)
        await fixture.token.close()
    }

    @Test(arguments: ["C_Sign 1 return 0x31", "C_SignInit 1 return 0xB1", "C_Sign 1 return 0x201"])
    func `a token short of memory or sessions is left alone for a while, and not reopened`(
        _ script: String
    )
        async throws
    {
        let fixture = try await FaultyTokenFixture()
        try fixture.directory.write("script", script + "\n")
        await #expect(throws: HSMError.self) { try await fixture.sign() }
        let start = ContinuousClock.now
        try await fixture.sign()
        // The only session pauses first.
        #expect(ContinuousClock.now - start >= .milliseconds(95))
        #expect(try fixture.calls(of: "C_Login") == 0)
        await fixture.token.close()
    }

    @Test func `pauses grow while the token stays short, and are short again later`() {
        var reducedLoad = WorkerCalls.ReducedLoad()
        reducedLoad.sessions = 8
        #expect(reducedLoad.places == 4)
        var now = ContinuousClock.now
        var pauses: [Duration] = []
        for _ in 0..<8 {
            let (first, second) = (reducedLoad.begin(at: now), reducedLoad.begin(at: now))
            #expect(first && !second)
            pauses.append(reducedLoad.pause)
            now += reducedLoad.pause
            reducedLoad.end(at: now)
        }
        #expect(pauses.prefix(3) == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
        #expect(pauses.last == .seconds(5))
        let isLater = reducedLoad.begin(at: now + .seconds(11))
        #expect(isLater)
        #expect(reducedLoad.pause == .milliseconds(100))
        reducedLoad.sessions = 1
        #expect(reducedLoad.places == 1)
    }

    @Test func `a persistent fault opens the breaker: requests fail fast, and there are few logins`()
        async throws
    {
        let fixture = try await FaultyTokenFixture()
        try fixture.directory.write("script", "C_Sign * return 0x30\n")
        var failures = 0
        let end = ContinuousClock.now + .seconds(1)
        while failures < 30 || ContinuousClock.now < end {
            await #expect(throws: HSMError.self) { try await fixture.sign() }
            failures += 1
            try await Task.sleep(for: .milliseconds(5))
        }
        // Pauses start at 100 ms and double each time, so there are only a few logins. Without pauses every
        // request would cause one.
        let logins = try fixture.calls(of: "C_Login")
        #expect(logins <= 10, "\(logins) logins for \(failures) requests")
        try fixture.directory.write("script", "# well again\n")
        let recovery = try await fixture.timeToServe(atMost: .seconds(5))
        print("after a second of CKR_DEVICE_ERROR: served again after \(recovery)")
        await fixture.token.close()
    }

    @Test func `a token that always signs wrongly opens the breaker too`() async throws {
        let fixture = try await FaultyTokenFixture()
        try fixture.directory.write("script", "C_Sign * corrupt\n")
        for _ in 0..<40 {
            await #expect(throws: HSMError.self) { try await fixture.sign() }
            try await Task.sleep(for: .milliseconds(5))
        }
        let logins = try fixture.calls(of: "C_Login")
        #expect(logins <= 4, "\(logins) logins")
        await fixture.token.close()
    }

    @Test func `a module that fails its self-test is not used again`() async throws {
        let fixture = try await FaultyTokenFixture()
        // CKR_FIPS_SELF_TEST_FAILED
        try fixture.directory.write("script", "C_Sign 1 return 0x1B6\n")
        for _ in 0..<3 {
            let error = await #expect(throws: HSMError.self) { try await fixture.sign() }
            #expect("\(String(describing: error))".contains("CKR_FIPS_SELF_TEST_FAILED"))
        }
        #expect(try fixture.calls(of: "C_Login") == 0)
        await fixture.token.close()
    }

    @Test func `a slow token under load is not mistaken for one that hangs`() async throws {
        let fixture = try await FaultyTokenFixture()
        // 30 signatures of 100 ms each, one after the other: three times the deadline of one signature.
        try fixture.directory.write("script", "C_Sign * delay 100\n")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<30 { group.addTask { try await fixture.sign() } }
            try await group.waitForAll()
        }
        #expect(try fixture.calls(of: "C_Login") == 0)
        await fixture.token.close()
    }

    @Test func `generating a key has a longer deadline, and signatures wait for it`() async throws {
        let fixture = try await FaultyTokenFixture()
        try fixture.directory.write("script", "C_GenerateKeyPair 1 delay 3000\n")
        async let made = fixture.token.generateKeyPair(.ecPrime256v1, identifier: [2], label: "slow")
        try await Task.sleep(for: .milliseconds(100))
        try await fixture.sign()
        _ = try await made
        #expect(try fixture.calls(of: "C_Login") == 0)
        await fixture.token.close()
    }

    @Test func `a PIN that is refused during recovery is tried once and never again`() async throws {
        let fixture = try await FaultyTokenFixture()
        try fixture.directory.write("script", "C_Sign * return 0x32\nC_Login * return 0xA0\n")
        for _ in 0..<20 {
            let error = await #expect(throws: HSMError.self) { try await fixture.sign() }
            #expect("\(String(describing: error))".contains("C_Sign") == false)
            try await Task.sleep(for: .milliseconds(20))
        }
        try fixture.directory.write("script", "# well again\n")
        await #expect(throws: HSMError.self) { try await fixture.sign() }
        #expect(try fixture.calls(of: "C_Login") == 1)
        await fixture.token.close()
    }

    @Test func `a key whose attributes changed stops signing`() async throws {
        let fixture = try await FaultyTokenFixture()
        // CKA_EXTRACTABLE (0x162) is TRUE after the recovery.
        try fixture.directory.write("script", "C_Sign 1 return 0x32\nC_GetAttributeValue * lie 0x162=01\n")
        let error = await #expect(throws: HSMError.self) { try await fixture.sign() }
        guard case .keyNotProvable(_, let failures)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failures.map(\.name) == ["CKA_EXTRACTABLE"])
        await fixture.token.close()
    }

    @Test func `pauses grow with the duration of the outage, up to their limit`() {
        #expect(
            BreakerProbe.pauses([0, 50, 400, 1000, 4000, 40_000, 400_000])
                == [0, 100, 100, 250, 1000, 10_000, 10_000])
    }
}
