import PKCS11
import Testing
import TokenAccess
import TokenProtocol

/// The numbers are repeated here beside the names, because the tables under test contain only names.
struct FailureClassificationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let failureClass: FailureClass
        let numbers: Set<UInt>
        var testDescription: String { "\(failureClass)" }
    }

    static let rows = [
        Row(
            failureClass: .request,
            numbers: [
                0x7, 0x10, 0x12, 0x13, 0x1B, 0x20, 0x21, 0x54, 0x62, 0x63, 0x68, 0x70, 0x71, 0xD0, 0xD1, 0xE2,
                0x130, 0x140,
            ]),
        Row(failureClass: .session, numbers: [0x90, 0x91, 0xB0, 0xB3]),
        Row(failureClass: .login, numbers: [0x60, 0x82, 0x101]),
        Row(failureClass: .capacity, numbers: [0x2, 0x31, 0xB1, 0x201]),
        Row(failureClass: .credentials, numbers: [0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0x102, 0x103, 0x1B8]),
        Row(failureClass: .fatal, numbers: [0xA, 0x191, 0x1B6, 0x1B7]),
    ]

    @Test(arguments: rows)
    func `a class contains exactly its listed return values`(_ row: Row) {
        let found = (0...0x300).filter { ReturnValue(rawValue: $0).failureClass == row.failureClass }
        #expect(Set(found) == row.numbers)
    }

    @Test(arguments: [0x5, 0x30, 0x32, 0x1C1, 0x203, 0x8000_0384, UInt.max])
    func `an unlisted return value counts as a device failure`(_ number: UInt) {
        #expect(ReturnValue(rawValue: number).failureClass == .device)
    }

    @Test func `a profile's own class for a return value takes precedence`() {
        var profile = TokenProfile.standard
        profile.returnValues = [0x8000_0011: .session, 0x30: .fatal]
        let vendor = PKCS11Error(.sign, ReturnValue(rawValue: 0x8000_0011))
        #expect(WorkerFailure(vendor, profile).failureClass == .session)
        #expect(WorkerFailure(vendor).failureClass == .device)
        let device = WorkerFailure(PKCS11Error(.sign, .deviceError), profile)
        #expect(device.failureClass == .fatal)
        #expect(device.message == "C_Sign: CKR_DEVICE_ERROR")
    }
}
