import Foundation
import PKIX
import Signing
import TestSupport
import Testing

import TokenProtocol
@testable import Tokens

/// Faults of a token while it is opened: PINs that are counted, PIN pads and missing sessions.
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
        // An officer with the right PIN still gets in: nothing is locked.
        #expect(try directory.text("script.pins") == "2 3\n")
        try FileManager.default.removeItem(atPath: directory.path("script.pins"))
        let token = try FaultyTokenFixture.closedToken(
            "C_GetTokenInfo * delay 0", pin: .file(softHSM.pinFile), directory, softHSM)
        try await token.open()
        await token.close()
    }

    @Test func `a PIN given at the token itself opens it, and only where there is a way to give it`()
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

    @Test func `a token that gives fewer sessions than asked for is served by those there are`() async throws
    {
        let directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        // One for the anchor, and one that signs. Two signatures take it longer than one may take.
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
        // One worker did it all.
        #expect(try directory.text("calls").split(separator: "\n").count { $0 == "C_Login" } == 1)
        await token.close()
    }

    @Test func `a token that gives no session to sign with is not opened, and says why`() async throws {
        let directory = try TemporaryDirectory()
        let softHSM = try SoftHSM(directory)
        let token = try FaultyTokenFixture.closedToken(
            "C_OpenSession * cap-sessions 1", pin: .file(softHSM.pinFile), directory, softHSM)
        let error = await #expect(throws: HSMError.self) { try await token.open() }
        #expect("\(error!)".contains("C_OpenSession: CKR_SESSION_COUNT"))
        // The anchor was all there was: what is missing is a session, and not the login.
        #expect(try directory.text("calls").split(separator: "\n").count { $0 == "C_Login" } == 1)
        await token.close()
    }
}
