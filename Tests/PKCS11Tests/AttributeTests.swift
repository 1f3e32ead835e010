import CPKCS11
import Testing

@testable import PKCS11

/// Values in the memory layout of Cryptoki on a 64-bit little-endian machine.
struct AttributeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let value: AttributeValue
        let encoded: [UInt8]
    }

    static let cases = [
        Case(testDescription: "true", value: .boolean(true), encoded: [1]),
        Case(testDescription: "false", value: .boolean(false), encoded: [0]),
        Case(testDescription: "a number", value: .number(0x0102), encoded: [2, 1, 0, 0, 0, 0, 0, 0]),
        Case(
            testDescription: "the greatest number", value: .number(.max),
            encoded: [UInt8](repeating: 0xFF, count: 8)),
        Case(
            testDescription: "CKO_PRIVATE_KEY", value: .number(ObjectClass.privateKey.rawValue),
            encoded: [3, 0, 0, 0, 0, 0, 0, 0]),
        Case(
            testDescription: "CKO_PUBLIC_KEY", value: .number(ObjectClass.publicKey.rawValue),
            encoded: [2, 0, 0, 0, 0, 0, 0, 0]),
        Case(
            testDescription: "mechanisms", value: .mechanisms([.ecdsa, .rsaPSS]),
            encoded: [0x41, 0x10, 0, 0, 0, 0, 0, 0, 0x0D, 0, 0, 0, 0, 0, 0, 0]),
        Case(testDescription: "no mechanism", value: .mechanisms([]), encoded: []),
        Case(testDescription: "octets", value: .bytes([9, 8, 7]), encoded: [9, 8, 7]),
    ]

    @Test(arguments: cases)
    func `a value is encoded as Cryptoki requires`(_ value: Case) {
        #expect(value.value.encoded == value.encoded)
    }

    @Test func `a template aligns every value and has the right length`() {
        let template: AttributeTemplate = [
            (.token, .boolean(true)), (.modulusBits, .number(2048)), (.label, .bytes([])),
            (.identifier, .bytes([1, 2, 3])), (.allowedMechanisms, .mechanisms([.ecdsa])),
        ]
        withAttributes(template) { list, count in
            #expect(count == 5)
            for (index, entry) in template.enumerated() {
                guard let attribute = list?[index] else { continue }
                let octets = UnsafeRawBufferPointer(
                    start: attribute.pValue, count: Int(attribute.ulValueLen))
                #expect(Array(octets) == entry.value.encoded)
                #expect(UInt(attribute.type) == entry.type.rawValue)
                #expect(UInt(bitPattern: attribute.pValue) % 8 == 0)
            }
        }
        withAttributes([]) { _, count in #expect(count == 0) }
    }

    // PKCS#11 3.1, pkcs11t.h.
    @Test func `attributes and mechanisms have the standard's numbers and names`() {
        let attributes: [(AttributeType, UInt, String)] = [
            (.objectClass, 0, "CKA_CLASS"), (.sensitive, 0x103, "CKA_SENSITIVE"),
            (.extractable, 0x162, "CKA_EXTRACTABLE"), (.neverExtractable, 0x164, "CKA_NEVER_EXTRACTABLE"),
            (.copyable, 0x171, "CKA_COPYABLE"), (.destroyable, 0x172, "CKA_DESTROYABLE"),
            (.alwaysAuthenticate, 0x202, "CKA_ALWAYS_AUTHENTICATE"),
            (.allowedMechanisms, 0x4000_0600, "CKA_ALLOWED_MECHANISMS"),
        ]
        for (type, number, name) in attributes {
            #expect(type.rawValue == number && type.description == name)
        }
        let mechanisms: [(MechanismType, UInt, String)] = [
            (.rsaPKCS, 0x1, "CKM_RSA_PKCS"), (.rsaPSS, 0xD, "CKM_RSA_PKCS_PSS"),
            (.rsaX931KeyPairGen, 0xA, "CKM_RSA_X9_31_KEY_PAIR_GEN"), (.ecdsa, 0x1041, "CKM_ECDSA"),
            (.eddsa, 0x1057, "CKM_EDDSA"), (.edwardsKeyPairGen, 0x1055, "CKM_EC_EDWARDS_KEY_PAIR_GEN"),
            (.ecKeyPairGen, 0x1040, "CKM_EC_KEY_PAIR_GEN"), (.aesKeyGen, 0x1080, "CKM_AES_KEY_GEN"),
            (.aesKeyWrapPad, 0x210A, "CKM_AES_KEY_WRAP_PAD"),
            (.rsaKeyPairGen, 0x0, "CKM_RSA_PKCS_KEY_PAIR_GEN"),
        ]
        for (type, number, name) in mechanisms {
            #expect(type.rawValue == number && type.description == name)
        }
        #expect(MechanismType(rawValue: 0x8000_0001).description == "0x80000001")
    }

    // PKCS#11 3.1, section 6.1.9: hashAlg, mgf and sLen.
    @Test func `the parameters of PSS depend on the digest`() {
        let cases: [(Mechanism, [UInt])] = [
            (.rsaPSSWithSHA256, [0x250, 2, 32]), (.rsaPSSWithSHA384, [0x260, 3, 48]),
            (.rsaPSSWithSHA512, [0x270, 4, 64]),
        ]
        for (mechanism, parameters) in cases {
            mechanism.withC { raw in
                #expect(raw.pointee.mechanism == 0xD)
                let octets = UnsafeRawBufferPointer(
                    start: raw.pointee.pParameter, count: Int(raw.pointee.ulParameterLen))
                #expect(Array(octets.bindMemory(to: UInt.self)) == parameters)
            }
        }
        Mechanism(.ecdsa).withC { raw in
            #expect(raw.pointee.pParameter == nil && raw.pointee.ulParameterLen == 0)
        }
    }
}
