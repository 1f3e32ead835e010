import Foundation
import TestSupport
import Testing

@testable import PKCS11

/// Sessions with a SoftHSM token, each in its own process.
struct SessionTests {
    let softHSM: SoftHSM

    init() throws { softHSM = try SoftHSM(try TemporaryDirectory()) }

    @Test func `a session generates a key, finds it, reads it and signs with it`() async throws {
        let token = try TokenProcess(softHSM)
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let session = try token.session()
            let pair = try session.key()
            let identifier: AttributeTemplate = [(.identifier, .bytes([1, 2, 3]))]
            #expect(try Set(session.findObjects(identifier, limit: 10)) == [pair.publicKey, pair.privateKey])
            #expect(try session.findObjects(identifier, limit: 1).count == 1)
            #expect(try session.findObjects([(.identifier, .bytes([1, 2]))], limit: 10).isEmpty)
            #expect(try session.attribute(.identifier, of: pair.publicKey) == [1, 2, 3])
            #expect(try session.attribute(.ecPoint, of: pair.publicKey)?.count == 67)
            #expect(try session.attribute(.sensitive, of: pair.privateKey) == [1])
            #expect(try session.signature(pair.privateKey).count == 64)
            #expect(try session.signature(pair.privateKey) != session.signature(pair.privateKey))
        }
    }

    @Test func `a missing or sensitive attribute is nil, and another failure is an error`()
        async throws
    {
        let token = try TokenProcess(softHSM)
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let session = try token.session()
            let pair = try session.key()
            #expect(try session.attribute(.value, of: pair.privateKey) == nil)
            #expect(try session.attribute(.modulus, of: pair.publicKey) == nil)
            let stale = Session.failure { () throws(PKCS11Error) in
                _ = try session.attribute(.label, of: ObjectHandle(rawValue: 99_999))
            }
            #expect(stale == PKCS11Error(.getAttributeValue, .objectHandleInvalid))
        }
    }

    @Test func `an operation that a key does not allow is refused with its own return value`() async throws {
        let token = try TokenProcess(softHSM)
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let session = try token.session()
            let key = try session.key().privateKey
            #expect(session.attemptToRead(.value, of: key) == .attributeSensitive)
            #expect(session.attemptToRead(.label, of: key) == .ok)
            #expect(session.attemptToWrap(key) == .keyUnextractable)
            #expect(
                session.attemptToCopy(key, with: [(.extractable, .boolean(true))]) == .actionProhibited)
            #expect(session.attemptToSet([(.decrypt, .boolean(true))], of: key) == .actionProhibited)
            #expect(session.attemptToDecrypt(with: key, mechanism: .rsaPKCS) != .ok)
            // No attempt leaves the session unusable.
            #expect(try session.signature(key).count == 64)
        }
    }

    @Test func `a wrong PIN is an error, and the session can log in afterwards`() async throws {
        let token = try TokenProcess(softHSM)
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let module = try token.module()
            let session = try Session(module: module, slot: try token.slot(module), isReadWrite: true)
            func logIn(_ pin: String) throws -> PKCS11Error? {
                let secret = try TokenProcess.secret(pin)
                return Session.failure { () throws(PKCS11Error) in try session.logIn(.user, pin: secret) }
            }
            #expect(try logIn("wrong") == PKCS11Error(.login, .pinIncorrect))
            #expect(
                Session.failure { () throws(PKCS11Error) in _ = try session.key() }
                    == PKCS11Error(.generateKeyPair, .userNotLoggedIn))
            #expect(try logIn(SoftHSM.pin) == nil)
            #expect(try logIn(SoftHSM.pin) == PKCS11Error(.login, .userAlreadyLoggedIn))
            let key = try session.key().privateKey
            try session.logOut()
            #expect(
                Session.failure { () throws(PKCS11Error) in _ = try session.signature(key) }
                    == PKCS11Error(.signInit, .objectHandleInvalid))
        }
    }

    @Test func `the user changes a PIN, and the old one is no longer valid`() async throws {
        let token = try TokenProcess(softHSM)
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let session = try token.session()
            try session.setPIN(
                from: try TokenProcess.secret(SoftHSM.pin), to: try TokenProcess.secret("another 1234"))
            try session.logOut()
            let old = try TokenProcess.secret(SoftHSM.pin)
            #expect(
                Session.failure { () throws(PKCS11Error) in try session.logIn(.user, pin: old) }
                    == PKCS11Error(.login, .pinIncorrect))
            try session.logIn(.user, pin: try TokenProcess.secret("another 1234"))
        }
    }

    @Test func `a session is closed when it is released`() async throws {
        let token = try TokenProcess(softHSM, script: "C_OpenSession * cap-sessions 1")
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let module = try token.module()
            let slot = try token.slot(module)
            for _ in 0..<3 { _ = try Session(module: module, slot: slot, isReadWrite: false) }
            let open = try Session(module: module, slot: slot, isReadWrite: false)
            let error = Session.failure { () throws(PKCS11Error) in
                try Session(module: module, slot: slot, isReadWrite: false).close()
            }
            #expect(error == PKCS11Error(.openSession, .sessionCount))
            try open.close()
            try Session(module: module, slot: slot, isReadWrite: false).close()
        }
    }
}
