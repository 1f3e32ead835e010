import Foundation
import TestSupport
import Testing

@testable import PKCS11

/// Modules and tokens, each in its own process.
struct ModuleTests {
    let softHSM: SoftHSM

    init() throws { softHSM = try SoftHSM(try TemporaryDirectory()) }

    @Test func `a file that is not a module is refused with the loader's reason or the missing function`() {
        let absent = #expect(throws: ModuleError.self) { try Module(path: "/nonexistent/module.so") }
        #expect(
            absent?.description.hasPrefix(
                "the PKCS#11 module `/nonexistent/module.so` cannot be loaded: /nonexistent/module.so: cannot open"
            )
                == true, "\(String(describing: absent))")
        let library = #expect(throws: ModuleError.self) { try Module(path: "libm.so.6") }
        #expect(
            library?.description
                == "`libm.so.6` is a shared library but not a PKCS#11 module (C_GetFunctionList: CKR_FUNCTION_NOT_SUPPORTED)"
        )
    }

    @Test func `a module is initialized once, and describes itself`() async throws {
        let token = try TokenProcess(softHSM)
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let module = try token.module()
            #expect(try module.libraryDescription().hasPrefix("SoftHSM"))
            let again = #expect(throws: ModuleError.self) { try token.module() }
            #expect(again?.description.hasSuffix("C_Initialize: CKR_CRYPTOKI_ALREADY_INITIALIZED") == true)
            let info = try module.tokenInfo(of: try token.slot(module))
            #expect(info.label == SoftHSM.label && info.isInitialized && info.isUserPINInitialized)
            #expect(!info.isUserPINCountLow && !info.isUserPINLocked && !info.isOfficerPINLocked)
            #expect(info.pinLengths.contains(SoftHSM.pin.utf8.count) && info.maximumSessions == nil)
            let mechanisms = try module.mechanisms(of: try token.slot(module))
            #expect(mechanisms[.ecdsa]?.maximumKeySize == 521 && mechanisms[.rsaPSS] != nil)
        }
    }

    @Test func `a token is found only by its exact label or serial number`() async throws {
        try softHSM.addToken(label: "second token")
        try softHSM.addToken(label: "second token")
        let token = try TokenProcess(softHSM)
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let module = try token.module()
            func count(_ uri: String) throws -> Int { try TokenURI(uri).matchingSlots(in: module).count }
            let own = try TokenURI(SoftHSM.uri).matchingSlots(in: module)
            #expect(own.count == 1 && own.first?.token.label == SoftHSM.label)
            let serial = own.first?.token.serialNumber ?? ""
            #expect(try count("pkcs11:serial=\(serial)") == 1)
            #expect(try count("pkcs11:token=\(SoftHSM.label);serial=\(serial)") == 1)
            #expect(try count("pkcs11:token=second%20token") == 2)
            #expect(try count("pkcs11:token=second%20token;serial=\(serial)") == 0)
            for other in ["signet-tes", "signet-test2", "SIGNET-TEST", "%20signet-test", "*"] {
                #expect(try count("pkcs11:token=\(other)") == 0, "\(other)")
            }
            // PKCS#11 3.1, section 3.2: a label is padded with blanks, so trailing blanks are not
            // significant.
            #expect(try count("\(SoftHSM.uri)%20") == 1)
            #expect(try count("\(SoftHSM.uri);manufacturer=nobody") == 0)
            #expect(try count("\(SoftHSM.uri);model=SoftHSM%20v2") == 1)
        }
    }

    @Test func `a function that the module lacks is an error instead of a crash`() async throws {
        let token = try TokenProcess(softHSM, script: "C_GetMechanismList * null")
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let module = try token.module()
            let slot = try token.slot(module)
            #expect(throws: PKCS11Error(.getMechanismList, .functionNotSupported)) {
                try module.mechanisms(of: slot)
            }
        }
    }

    @Test func `a removed token has no slot and opens no session`() async throws {
        let token = try TokenProcess(softHSM, script: "* * token-flags 0")
        let script = softHSM.directory.path("script")
        await #expect(processExitsWith: .success) {
            [token = token as TokenProcess, script = script as String] in
            let module = try token.module()
            let slot = try token.slot(module)
            try "* * absent\n".write(toFile: script, atomically: true, encoding: .utf8)
            #expect(try module.slotsWithToken().isEmpty)
            #expect(try TokenURI(SoftHSM.uri).matchingSlots(in: module).isEmpty)
            #expect(throws: PKCS11Error(.getTokenInfo, .tokenNotPresent)) { try module.tokenInfo(of: slot) }
            let error = Session.failure { () throws(PKCS11Error) in
                try Session(module: module, slot: slot, isReadWrite: false).close()
            }
            #expect(error == PKCS11Error(.openSession, .tokenNotPresent))
        }
    }

    @Test func `a token's warnings about PINs are read from its flags`() async throws {
        let token = try TokenProcess(softHSM, script: "* * token-flags 0x740100")
        await #expect(processExitsWith: .success) { [token = token as TokenProcess] in
            let module = try token.module()
            let info = try module.tokenInfo(of: try token.slot(module))
            // CKF_PROTECTED_AUTHENTICATION_PATH, CKF_USER_PIN_LOCKED, CKF_SO_PIN_COUNT_LOW, …FINAL_TRY,
            // …LOCKED
            #expect(info.hasProtectedAuthenticationPath && info.isUserPINLocked)
            #expect(info.isOfficerPINFinalTry && info.isOfficerPINLocked)
            #expect(!info.isUserPINCountLow && !info.isUserPINFinalTry)
        }
    }
}
