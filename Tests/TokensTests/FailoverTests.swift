import Foundation
import TestSupport
import Testing
import TokenProtocol
import Tokens

/// One key on two tokens, each behind a module with scripted faults.
struct FailoverTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
    }

    static let faults = [
        Fault(testDescription: "device error", script: "C_Sign * return 0x30"),
        Fault(testDescription: "crash", script: "C_Sign * crash"),
        Fault(testDescription: "hang", script: "C_Sign * hang"),
        Fault(testDescription: "wrong signature", script: "C_Sign * corrupt"),
        Fault(testDescription: "no memory", script: "C_Sign * return 0x31"),
        Fault(testDescription: "self-test", script: "C_SignInit * return 0x1B6"),
    ]

    @Test(arguments: faults)
    func `the second token signs when the first cannot, without an error for the caller`(_ fault: Fault)
        async throws
    {
        let pair = try await TokenPair()
        try await pair.sign()
        #expect(try pair.signatures() == [1, 0])
        try pair.first.write("script", fault.script + "\n")
        for _ in 0..<3 { try await pair.sign() }
        let counts = try pair.signatures()
        #expect(counts[1] == 3)
        #expect(counts[0] <= 3)
        await pair.tokens.close()
    }

    @Test func `the first token signs again once it has recovered`() async throws {
        let pair = try await TokenPair()
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

    @Test func `a request is tried on at most two tokens, and the error gives the reason`() async throws {
        let pair = try await TokenPair()
        try await pair.sign()
        _ = try await pair.tokens.tokens[1].open()
        for directory in [pair.first, pair.second] { try directory.write("script", "C_Sign * return 0x30\n") }
        _ = try pair.signatures()
        let error = await #expect(throws: HSMError.self) { try await pair.sign() }
        #expect("\(error!)".contains("CKR_DEVICE_ERROR"))
        #expect(try pair.signatures() == [1, 1])
        await pair.tokens.close()
    }

    @Test func `a drained token is not used and has no worker until it is resumed`() async throws {
        let pair = try await TokenPair()
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

    @Test func `a token whose objects were temporarily invisible finds the key again later`()
        async throws
    {
        let pair = try await TokenPair()
        _ = await pair.tokens.drain("second")
        // A new login, which has not read back any key.
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
        #expect(error?.temporaryReason?.contains("out of service while an officer works") == true)
        try FileManager.default.moveItem(atPath: away, toPath: here)
        var isSigned = false
        for _ in 0..<600 where !isSigned {
            try await Task.sleep(for: .milliseconds(100))
            isSigned = (try? await pair.sign()) != nil
        }
        #expect(isSigned)
        await pair.tokens.close()
    }

    @Test func `a key that only a drained token can have is temporarily unavailable`() async throws {
        let pair = try await TokenPair(standards: ["FIPS_140_2_LEVEL_3_OR_HIGHER", nil])
        let absent = PinnedKey(.ecP256, identifier: [2], publicKey: pair.key.publicKey)
        let here = await #expect(throws: HSMError.self) {
            try await pair.tokens.find(absent, meeting: nil)
        }
        #expect(here?.temporaryReason == nil, "\(here.map { "\($0)" } ?? "")")
        #expect(await pair.tokens.drain("second"))
        let away = await #expect(throws: HSMError.self) {
            try await pair.tokens.find(absent, meeting: nil)
        }
        #expect(away?.temporaryReason != nil, "\(away.map { "\($0)" } ?? "")")
        // The drained token does not meet the standard, so it would not be used.
        let standard = await #expect(throws: HSMError.self) {
            try await pair.tokens.find(absent, meeting: "FIPS_140_2_LEVEL_3_OR_HIGHER")
        }
        #expect(standard?.temporaryReason == nil, "\(standard.map { "\($0)" } ?? "")")
        await pair.tokens.close()
    }

    @Test func `draining a token under load loses no signature`() async throws {
        let pair = try await TokenPair()
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

    @Test func `while a token is absent or refused, signatures do not start further opening tasks`()
        async throws
    {
        let pair = try await TokenPair()
        try await pair.sign()
        let first = pair.tokens.tokens[0]
        // The token fails, and is absent when the daemon looks for it.
        try pair.first.write("script", "C_Sign * return 0x30\n* * absent\n")
        for _ in 0..<300 { try await pair.sign() }
        let asked = first.openingTaskCount
        // At most one for each pause of the breaker. The first pause is a tenth of a second, and the pauses
        // grow.
        #expect(asked < 60, "\(asked) tasks for 300 signatures")
        // The token is present again, but refuses the PIN: it is never opened again.
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

    @Test func `a token that is not declared to meet the key's standard does not sign`() async throws {
        let pair = try await TokenPair(standards: ["FIPS_140_2_LEVEL_3_OR_HIGHER", nil])
        try await pair.sign()
        _ = await pair.tokens.drain("first")
        let error = await #expect(throws: HSMError.self) { try await pair.sign() }
        #expect("\(error!)" == "no token is in service: first drained")
        await pair.tokens.close()
    }

    @Test func `callers do not wait for a token that hangs while it opens, and neither does closing`()
        async throws
    {
        let pair = try await TokenPair()
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
        // If a caller waited for the opening, it would be complete afterwards. The pool notices the worker's
        // end asynchronously.
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
        // The deadline of the opening is two minutes.
        let start = ContinuousClock.now
        await pair.tokens.close()
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func `a worker whose end was noticed before the next signature is replaced`() async throws {
        let pair = try await TokenPair()
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

    @Test func `a session that stays lost is tried exactly twice`() async throws {
        let pair = try await TokenPair()
        try await pair.sign()
        _ = await pair.tokens.drain("second")
        try pair.first.write("script", "C_Sign * return 0xB0\n")
        _ = try pair.signatures()
        await #expect(throws: HSMError.self) { try await pair.sign() }
        #expect(try pair.signatures() == [2, 0])
        await pair.tokens.close()
    }

    @Test func `a module that its device keeps from starting is tried again`() async throws {
        let pair = try await TokenPair()
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

    /// CKR_ARGUMENTS_BAD, a vendor's code, CKR_PIN_TOO_WEAK.
    @Test(arguments: ["0x7", "0x80000011", "0x1B8"])
    func `a failed login that the token may have counted is not repeated, whatever its return value`(
        _ code: String
    ) async throws {
        let pair = try await TokenPair()
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

    @Test func `signing does not search for objects, so their number does not matter`() async throws {
        let pair = try await TokenPair()
        try await pair.sign()
        try pair.first.write("calls", "")
        for _ in 0..<5 { try await pair.sign() }
        let calls = try pair.first.text("calls").split(separator: "\n")
        #expect(calls == (0..<5).flatMap { _ in ["C_SignInit", "C_Sign"] })
        await pair.tokens.close()
    }
}
