import Crypto
import Foundation
import TestSupport
import X509

@testable import PKIX

/// Builds certification requests with any attributes, signed with a P-256 key. OpenSSL checks them in
/// ``verify(_:)``.
struct RequestBuilder {
    var version: [UInt8] = [0]
    /// The DER of each attribute.
    var attributes: [[UInt8]] = []
    var isSorted = true
    /// The DER of the subject.
    var subject = subject([
        [element(0x06, [[0x55, 0x04, 0x03]]), element(0x0C, [Array("web.example.test".utf8)])]
    ])

    /// A name of one set of attributes, each with these parts.
    static func subject(_ attributes: [[[UInt8]]]) -> [UInt8] {
        element(0x30, [element(0x31, attributes.map { element(0x30, $0) })])
    }

    static func element(_ tag: UInt8, _ parts: [[UInt8]]) -> [UInt8] {
        DERElements.encoded(tag: tag, contents: parts.flatMap { $0 })
    }

    static func attribute(_ type: [UInt8], _ values: [[UInt8]]) -> [UInt8] {
        element(0x30, [element(0x06, [type]), element(0x31, values)])
    }

    static let extensionRequest: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x0E]
    static let microsoft: [UInt8] = [0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x0E]
    static let challengePassword: [UInt8] = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x07]

    /// Extensions with one DNS name.
    static func extensions(_ name: String) -> [UInt8] {
        let names = element(0x30, [element(0x82, [Array(name.utf8)])])
        return element(
            0x30, [element(0x30, [element(0x06, [[0x55, 0x1D, 0x11]]), element(0x04, [names])])])
    }

    func der() throws -> [UInt8] {
        let key = P256.Signing.PrivateKey()
        let list = isSorted ? attributes.sorted { $0.lexicographicallyPrecedes($1) } : attributes
        let info = Self.element(
            0x30,
            [
                Self.element(0x02, [version]), subject, Array(key.publicKey.derRepresentation),
                Self.element(0xA0, list),
            ])
        let signature = try key.signature(for: Data(info))
        return SignedObject.assemble(
            tbs: info, algorithm: .sha256WithECDSA, signature: Array(signature.derRepresentation))
    }

    /// OpenSSL's text of the request, after it verified the signature.
    static func verify(_ der: [UInt8]) throws -> String {
        let directory = try TemporaryDirectory()
        try directory.write("csr.pem", PEM.encode(der, label: "CERTIFICATE REQUEST") + "\n")
        return try Command.output(
            "openssl", ["req", "-in", directory.path("csr.pem"), "-noout", "-text", "-verify"])
    }
}
