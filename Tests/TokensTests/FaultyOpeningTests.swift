import Foundation
import PKIX
import Signing
import TestSupport
import Testing
import TokenProtocol

@testable import Tokens

/// Faults while a token is opened: counted PINs, PIN pads and missing sessions.
@Suite(.serialized)
struct FaultyOpeningTests {
    @Test func `a token that counts wrong PINs is never locked, however often the daemon starts`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        try directory.write("wrong", "0000", mode: 0o600)
        var logins = 0
        for start in 1...5 {
            let token = try FaultyTokenFixture.closedToken(
                "C_Login * count-pins 3", pin: .file(directory.path("wrong")), directory, softHSM)
            let error = await #expect(throws: HSMError.self) { try await token.open() }
            logins += try directory.text("calls").split(separator: "\n").count { $0 == "C_Login" }
            let expected = start <= 2 ? "CKR_PIN_INCORRECT" : "one more wrong PIN would lock the token"
            #expect("\(error!)".contains(expected), "start \(start): \(error!)")
        }
        #expect(logins == 2)
        // The token is not locked: the correct PIN still opens it.
        #expect(try directory.text("script.pins") == "2 3\n")
        try FileManager.default.removeItem(atPath: directory.path("script.pins"))
        let token = try FaultyTokenFixture.closedToken(
            "C_GetTokenInfo * delay 0", pin: .file(softHSM.pinFile), directory, softHSM)
        try await token.open()
        await token.close()
    }

    @Test func `a PIN entered on the token's own pad opens it, if the token has one`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        let token = try FaultyTokenFixture.closedToken(
            "* * pinpad", pin: .protectedAuthenticationPath, directory, softHSM)
        try await token.open()
        await token.close()
        let without = try FaultyTokenFixture.closedToken(
            "# plain", pin: .protectedAuthenticationPath, directory, softHSM)
        let error = await #expect(throws: HSMError.self) { try await without.open() }
        #expect("\(error!)".contains("has no protected authentication path"))
        #expect(try !directory.text("calls").contains("C_Login"))
    }

    @Test func `a token that grants fewer sessions than configured serves with those it grants`() async throws
    {
        let directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        // One session for the anchor and one that signs. Two signatures take longer than the deadline of one.
        let token = try FaultyTokenFixture.closedToken(
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
        // The same worker made all signatures.
        #expect(try directory.text("calls").split(separator: "\n").count { $0 == "C_Login" } == 1)
        await token.close()
    }

    @Test func `a token that grants no session for signing is not opened, and the error gives the reason`()
        async throws
    {
        let directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        let token = try FaultyTokenFixture.closedToken(
            "C_OpenSession * cap-sessions 1", pin: .file(softHSM.pinFile), directory, softHSM)
        let error = await #expect(throws: HSMError.self) { try await token.open() }
        #expect("\(error!)".contains("C_OpenSession: CKR_SESSION_COUNT"))
        // The anchor took the only session: the login succeeded, and a session is missing.
        #expect(try directory.text("calls").split(separator: "\n").count { $0 == "C_Login" } == 1)
        await token.close()
    }
}
