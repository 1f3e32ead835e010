import Crypto
import Foundation
import PKIX
import SwiftASN1
import X509

/// Names and requests built octet by octet, so that they can be malformed.
enum NameDER {
    static let commonName: [UInt8] = [0x55, 0x04, 0x03]
    static let country: [UInt8] = [0x55, 0x04, 0x06]
    static let organization: [UInt8] = [0x55, 0x04, 0x0A]
    static let street: [UInt8] = [0x55, 0x04, 0x09]
    static let emailAddress: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01]
    static let domainComponent: [UInt8] = [0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19]
    /// 1.3.6.1.4.1.99999.1
    static let foreign: [UInt8] = [0x2B, 0x06, 0x01, 0x04, 0x01, 0x86, 0x8D, 0x1F, 0x01]

    static func node(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let count = contents.count
        let length: [UInt8] =
            count < 0x80
            ? [UInt8(count)]
            : count < 0x100 ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
        return [tag] + length + contents
    }

    static func attribute(_ type: [UInt8], _ value: [UInt8], tag: UInt8 = 0x0C) -> [UInt8] {
        node(0x30, node(0x06, type) + node(tag, value))
    }

    static func attribute(_ type: [UInt8], _ value: String, tag: UInt8 = 0x0C) -> [UInt8] {
        attribute(type, Array(value.utf8), tag: tag)
    }

    /// A Name of these sets of attributes.
    static func name(_ sets: [[UInt8]]...) -> [UInt8] {
        node(0x30, sets.flatMap { node(0x31, $0.flatMap { $0 }) })
    }

    static func commonName(_ text: String) -> [UInt8] { name([attribute(commonName, text)]) }

    /// subjectAltName of encoded general names.
    static func names(_ names: [[UInt8]], critical: Bool = false) -> Certificate.Extension {
        Certificate.Extension(
            oid: [2, 5, 29, 17], critical: critical, value: node(0x30, names.flatMap { $0 })[...])
    }

    static func dns(_ text: String) -> [UInt8] { node(0x82, Array(text.utf8)) }

    static func directory(_ name: [UInt8]) -> [UInt8] { node(0xA4, name) }

    static func otherName(_ type: [UInt8], _ value: [UInt8]) -> [UInt8] {
        node(0xA0, node(0x06, type) + node(0xA0, value))
    }

    static let userPrincipalName: [UInt8] = [0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x14, 0x02, 0x03]
    static let smtpUTF8Mailbox: [UInt8] = [0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x08, 0x09]

    /// A signed request in PEM.
    static func request(subject: [UInt8], extensions: [Certificate.Extension] = []) throws -> String {
        let key = P256.Signing.PrivateKey()
        var serializer = DER.Serializer()
        try serializer.serialize(Certificate.PublicKey(key.publicKey))
        let info = try CertificationRequestInfo(
            subject: subject, subjectPublicKeyInfo: serializer.serializedBytes, extensions: extensions
        ).derBytes()
        let signature = try key.signature(for: Data(info)).derRepresentation
        return PEM.encode(
            SignedObject.assemble(tbs: info, algorithm: .sha256WithECDSA, signature: Array(signature)),
            label: "CERTIFICATE REQUEST")
    }
}
