import Foundation
import TestSupport
import Testing
import TokenProtocol
import Tokens

/// The serial number of a token is compared at each opening.
struct TokenIdentityTests {
    private static func token(
        _ directory: TemporaryDirectory, _ name: String = "token", _ uri: String = SoftHSM.uri
    ) -> Tokens.Token {
        Tokens.Token(
            configuration: TokenConfiguration(
                name: name, workerPath: Products.path("signet-token-worker"),
                module: .built(Products.path("libCFaultyModule.so")), tokenURI: uri,
                pin: .file(directory.path("pin")),
                environment: [
                    "SOFTHSM2_CONF": directory.path("softhsm2.conf"),
                    "SIGNET_FAULTY_MODULE": SoftHSM.modulePath,
                    "SIGNET_FAULTY_CONTROL": directory.path("script"),
                    "SIGNET_FAULTY_LOG": directory.path("calls"),
                ], confinement: WorkerConfinement(paths: [directory.path])), logger: .silent)
    }

    private static func logins(_ directory: TemporaryDirectory) throws -> Int {
        try directory.text("calls").split(separator: "\n").count { $0 == "C_Login" }
    }

    @Test func `a token with another serial number does not get the PIN`() async throws {
        let directory = try TemporaryDirectory()
        _ = try SoftHSM(directory)
        try directory.write("calls", "")
        let tokens = TokenSet([Self.token(directory)])
        let token = tokens.tokens[0]
        let first = try await token.open()
        await token.close()
        #expect(try Self.logins(directory) == 1)
        // The same label, but another serial number.
        try FileManager.default.removeItem(atPath: directory.path("tokens"))
        let other = try SoftHSM(directory)
        let error = await #expect(throws: HSMError.self) { try await token.open() }
        #expect(
            "\(String(describing: error))".contains(
                "and the one that was opened first had \(first.serialNumber)"))
        #expect(try Self.logins(directory) == 1)
        // An operator can allow the replacement explicitly.
        _ = await tokens.drain("token")
        _ = await tokens.resume("token")
        let end = ContinuousClock.now + .seconds(20)
        var second: TokenDescription?
        while second == nil, ContinuousClock.now < end { second = try? await token.open() }
        #expect(second.map { $0.serialNumber != first.serialNumber } == true)
        _ = other
        await tokens.close()
    }

    @Test func `if two entries select the same token, the second is refused`() async throws {
        let directory = try TemporaryDirectory()
        _ = try SoftHSM(directory)
        try directory.write("calls", "")
        let alone = Self.token(directory)
        let serial = try await alone.open().serialNumber
        await alone.close()
        let tokens = TokenSet([
            Self.token(directory, "label"), Self.token(directory, "serial", "pkcs11:serial=\(serial)"),
        ])
        _ = try await tokens.tokens[0].open()
        let error = await #expect(throws: HSMError.self) { try await tokens.tokens[1].open() }
        guard case .sameToken(as: "label", let number)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(number == serial)
        guard case .refused = await tokens.tokens[1].standing else {
            Issue.record("it is tried again")
            return
        }
        // The first entry can still be reopened.
        await tokens.tokens[0].close()
        _ = try await tokens.tokens[0].open()
        await tokens.close()
    }
}
