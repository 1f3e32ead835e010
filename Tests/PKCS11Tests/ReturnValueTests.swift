import Foundation
import TestSupport
import Testing

@testable import PKCS11

struct ReturnValueTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let number: UInt
        let name: String
        var testDescription: String { name }
    }

    /// The numbers of PKCS#11 3.1 that differ or are missing in p11-kit's header, and some that agree.
    static let cases = [
        Case(number: 0, name: "CKR_OK"), Case(number: 0x5, name: "CKR_GENERAL_ERROR"),
        Case(number: 0x11, name: "CKR_ATTRIBUTE_SENSITIVE"), Case(number: 0xA4, name: "CKR_PIN_LOCKED"),
        Case(number: 0xB3, name: "CKR_SESSION_HANDLE_INVALID"),
        Case(number: 0x115, name: "CKR_WRAPPING_KEY_TYPE_INCONSISTENT"),
        Case(number: 0x1B5, name: "CKR_EXCEEDED_MAX_ITERATIONS"),
        Case(number: 0x1B6, name: "CKR_FIPS_SELF_TEST_FAILED"),
        Case(number: 0x1B7, name: "CKR_LIBRARY_LOAD_FAILED"), Case(number: 0x1B8, name: "CKR_PIN_TOO_WEAK"),
        Case(number: 0x1B9, name: "CKR_PUBLIC_KEY_INVALID"),
        Case(number: 0x201, name: "CKR_TOKEN_RESOURCE_EXCEEDED"),
        Case(number: 0x202, name: "CKR_OPERATION_CANCEL_FAILED"),
        Case(number: 0x203, name: "CKR_KEY_EXHAUSTED"),
        // Without a name: reserved numbers, p11-kit's number of another value, numbers beyond the list, and
        // vendors' numbers.
        Case(number: 0x4, name: "CKR_0x4"), Case(number: 0x1C1, name: "CKR_0x1c1"),
        Case(number: 0x1234, name: "CKR_0x1234"), Case(number: 0x7FFF_FFFF, name: "CKR_0x7fffffff"),
        Case(number: 0x8000_0000, name: "CKR_VENDOR_0x80000000"),
        Case(number: 0x8000_0384, name: "CKR_VENDOR_0x80000384"),
        Case(number: .max, name: "CKR_VENDOR_0xffffffffffffffff"),
    ]

    @Test(arguments: cases)
    func `a return value is printed by the standard's name, or by its number`(_ value: Case) {
        #expect(ReturnValue(rawValue: value.number).description == value.name)
        #expect(ReturnValue(rawValue: value.number).isVendorDefined == value.name.contains("VENDOR"))
    }

    @Test func `every return value of p11-kit's header has its name in the table`() throws {
        let flags = try Command.output("pkg-config", ["--cflags-only-I", "p11-kit-1"])
        let folder = flags.split(separator: "-I")[0].trimmingCharacters(in: .whitespacesAndNewlines)
        let header = try String(contentsOfFile: "\(folder)/p11-kit/pkcs11.h", encoding: .utf8)
        // Where the header differs from the standard: it assigns 0x1C0 to 0x1C4 to these.
        let wrong: Set<String> = [
            "CKR_EXCEEDED_MAX_ITERATIONS", "CKR_FIPS_SELF_TEST_FAILED", "CKR_LIBRARY_LOAD_FAILED",
            "CKR_PIN_TOO_WEAK", "CKR_PUBLIC_KEY_INVALID",
        ]
        var count = 0
        for line in header.split(separator: "\n") {
            guard let match = line.wholeMatch(of: /#define\s+(CKR_\w+)\s+\((?:0x)?([0-9a-fA-F]+)UL\)/),
                !wrong.contains(String(match.1)), let number = UInt(match.2, radix: 16)
            else { continue }
            count += 1
            #expect(ReturnValue(rawValue: number).description == match.1)
        }
        #expect(count > 80)
    }

    @Test func `no name occurs twice`() {
        #expect(Set(ReturnValue.names.values).count == ReturnValue.names.count)
    }

    @Test func `an error names the function that failed and the return value`() {
        #expect(PKCS11Error(.initPIN, .pinLengthRange).description == "C_InitPIN: CKR_PIN_LEN_RANGE")
        #expect(
            PKCS11Error(.sign, ReturnValue(rawValue: 0x8000_0011)).description
                == "C_Sign: CKR_VENDOR_0x80000011")
        #expect(throws: PKCS11Error(.login, .pinIncorrect)) { try PKCS11Error.check(.login, 0xA0) }
        #expect(throws: Never.self) { try PKCS11Error.check(.login, 0) }
    }
}
