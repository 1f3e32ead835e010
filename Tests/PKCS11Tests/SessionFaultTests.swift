import Foundation
import TestSupport
import Testing

@testable import PKCS11

/// Sessions whose module misbehaves, simulated by `CFaultyModule`: the error, and the session's later use.
struct SessionFaultTests {
    let softHSM: SoftHSM

    init() throws { softHSM = try SoftHSM(try TemporaryDirectory()) }

    struct Fault: Codable, Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        /// The errors of the first and the second signature; nil for success.
        let first: String?
        let second: String?
    }

    static let faults = [
        Fault(
            testDescription: "C_SignInit fails once", script: "C_SignInit 1 return 0x30",
            first: "C_SignInit: CKR_DEVICE_ERROR", second: nil),
        // The module may keep the operation active: the worker closes such a session.
        Fault(
            testDescription: "C_Sign fails once", script: "C_Sign 1 return 0x30",
            first: "C_Sign: CKR_DEVICE_ERROR", second: "C_SignInit: CKR_OPERATION_ACTIVE"),
        Fault(
            testDescription: "a vendor's return value", script: "C_Sign 1 return 0x80000384",
            first: "C_Sign: CKR_VENDOR_0x80000384", second: "C_SignInit: CKR_OPERATION_ACTIVE"),
        Fault(
            testDescription: "a signature length beyond the buffer", script: "C_Sign 1 swell",
            first: "C_Sign: CKR_GENERAL_ERROR", second: nil),
        Fault(
            testDescription: "a lost login", script: "C_SignInit 1 logout",
            first: "C_SignInit: CKR_OBJECT_HANDLE_INVALID", second: "C_SignInit: CKR_OBJECT_HANDLE_INVALID"),
        Fault(
            testDescription: "a closed session", script: "C_SignInit 1 invalidate-sessions",
            first: "C_SignInit: CKR_SESSION_HANDLE_INVALID",
            second: "C_SignInit: CKR_SESSION_HANDLE_INVALID"),
    ]

    @Test(arguments: faults)
    func `a failed signature names its function, and the session continues if the module allows it`(
        _ fault: Fault
    ) async throws {
        let token = try TokenProcess(softHSM, script: fault.script)
        await #expect(processExitsWith: .success) { [token = token as TokenProcess, fault = fault as Fault] in
            let session = try token.session()
            let key = try session.key().privateKey
            func sign() -> String? {
                Session.failure { () throws(PKCS11Error) in _ = try session.signature(key) }?.description
            }
            #expect(sign() == fault.first)
            #expect(sign() == fault.second)
        }
    }

    struct Lie: Codable, Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        /// Nil if the attribute is reported as unknown.
        let value: [UInt8]?
    }

    // CKA_ID is 0x102. The real value has three octets.
    static let lies = [
        Lie(
            testDescription: "a length that is too long",
            script: "C_GetAttributeValue * lie 0x102=0102030405",
            value: [1, 2, 3, 4, 5]),
        Lie(
            testDescription: "a length that is too short", script: "C_GetAttributeValue * lie 0x102=01",
            value: [1]),
        Lie(
            testDescription: "the length CK_UNAVAILABLE_INFORMATION",
            script: "C_GetAttributeValue * lie 0x102=unavailable", value: nil),
        Lie(testDescription: "sensitive", script: "C_GetAttributeValue * lie 0x102=sensitive", value: nil),
        Lie(
            testDescription: "an attribute type that the token does not know",
            script: "C_GetAttributeValue * return 0x12",
            value: nil),
    ]

    @Test(arguments: lies)
    func `an attribute has the length that the token reports, and is nil without one`(_ lie: Lie) async throws
    {
        let token = try TokenProcess(softHSM, script: lie.script)
        await #expect(processExitsWith: .success) { [token = token as TokenProcess, lie = lie as Lie] in
            let session = try token.session()
            let key = try session.key().publicKey
            #expect(try session.attribute(.identifier, of: key) == lie.value)
        }
    }

    @Test func `a failed search is ended, so that the next one can begin`() async throws {
        let token = try TokenProcess(softHSM, script: "C_FindObjects 1 return 0x30")
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let session = try token.session()
            let pair = try session.key()
            let template: AttributeTemplate = [(.identifier, .bytes([1, 2, 3]))]
            let error = Session.failure { () throws(PKCS11Error) in
                _ = try session.findObjects(template, limit: 10)
            }
            #expect(error == PKCS11Error(.findObjects, .deviceError))
            #expect(try Set(session.findObjects(template, limit: 10)) == [pair.publicKey, pair.privateKey])
        }
    }

    @Test func `a search never returns more than its limit`() async throws {
        let token = try TokenProcess(softHSM, script: "C_FindObjects * twice")
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let session = try token.session()
            _ = try session.key()
            for limit in 1...4 {
                let found = try session.findObjects([(.identifier, .bytes([1, 2, 3]))], limit: limit)
                #expect(found.count <= limit && !found.isEmpty)
            }
        }
    }

    @Test func `a session that cannot be closed is an error`() async throws {
        let token = try TokenProcess(softHSM, script: "C_CloseSession 1 return 0x30")
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let module = try token.module()
            let slot = try token.slot(module)
            let error = Session.failure { () throws(PKCS11Error) in
                try Session(module: module, slot: slot, isReadWrite: false).close()
            }
            #expect(error == PKCS11Error(.closeSession, .deviceError))
        }
    }

    @Test func `a keep-alive call reaches the module and forwards its error`() async throws {
        let token = try TokenProcess(
            softHSM, script: "C_GenerateRandom 2 return 0x32\nC_GetSessionInfo 2 return 0xB0")
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let session = try token.session()
            try session.drawRandomByte()
            #expect(try session.deviceError() == 0)
            #expect(
                Session.failure { () throws(PKCS11Error) in try session.drawRandomByte() }
                    == PKCS11Error(.generateRandom, .deviceRemoved))
            #expect(
                Session.failure { () throws(PKCS11Error) in _ = try session.deviceError() }
                    == PKCS11Error(.getSessionInfo, .sessionClosed))
        }
    }
}
