import Identifiers
import TestSupport
import Testing
import X509

@testable import PKIX

struct CertificationRequestTests {
    struct Accepted: Sendable {
        let name: String
        let key: [String]
    }

    static let accepted = [
        Accepted(name: "P-256", key: ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]),
        Accepted(name: "P-384", key: ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]),
        Accepted(name: "P-521", key: ["ec", "-pkeyopt", "ec_paramgen_curve:P-521"]),
        Accepted(name: "RSA 2048", key: ["rsa:2048"]),
        Accepted(name: "Ed25519", key: ["ed25519"]),
    ]

    @Test(arguments: accepted)
    func `a request made by OpenSSL is accepted`(_ entry: Accepted) throws {
        let pem = try OpenSSLRequest.make(subject: "/C=SE/O=Example/CN=a.example", key: entry.key)
        let request = try CertificationRequest(pem: Array(pem.utf8))
        #expect(request.subjectName.description == "CN=a.example,O=Example,C=SE")
        #expect(try request.extensions.subjectAlternativeNames != nil)
    }

    struct Refused: Sendable {
        let name: String
        let key: [String]
        let reason: String
    }

    static let refused = [
        Refused(name: "RSA 1024", key: ["rsa:1024"], reason: "weak: RSA with 1024 bits"),
        Refused(name: "RSA 2047", key: ["rsa:2047"], reason: "weak: RSA with 2047 bits"),
        Refused(
            name: "RSA with the exponent 3", key: ["rsa", "-pkeyopt", "rsa_keygen_pubexp:3"],
            reason: "smaller than 65537"),
        Refused(name: "RSA 2052", key: ["rsa:2052"], reason: "weak: RSA with 2052 bits"),
        Refused(
            name: "secp256k1", key: ["ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"], reason: "not supported"
        ),
        Refused(name: "Ed448", key: ["ed448"], reason: "not supported"),
    ]

    @Test(arguments: refused)
    func `a weak or unsupported key is named`(_ entry: Refused) throws {
        let pem = try OpenSSLRequest.make(key: entry.key)
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: Array(pem.utf8))
        }
        #expect(error.description.contains(entry.reason), "\(error)")
    }

    @Test func `a request that asks twice for an extension is refused`() throws {
        let directory = try TemporaryDirectory()
        let arguments = [
            "req", "-new", "-nodes", "-keyout", directory.path("key"), "-subj", "/CN=a", "-newkey",
            "rsa:2048",
            "-addext", "1.2.3.4=ASN1:NULL", "-addext", "1.2.3.5=ASN1:NULL",
        ]
        let pem = try Command.output("openssl", arguments)
        var der = try PEM.block(Array(pem.utf8), labels: PEM.certificationRequest).contents
        _ = try CertificationRequest(der: der)
        // Copies the second attribute over the first. The signature is verified only afterwards.
        let second: [UInt8] = [0x06, 0x03, 0x2A, 0x03, 0x05]
        let place = try #require(der.indices.first { der[$0...].starts(with: second) })
        der[place + 4] = 0x04
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(der: der)
        }
        #expect(error.description.contains("the extension 1.2.3.4 is there twice"), "\(error)")
    }

    @Test func `a request whose signature is for other octets is refused`() throws {
        let pem = try OpenSSLRequest.make(subject: "/CN=honest.example")
        var der = try PEM.block(Array(pem.utf8), labels: PEM.certificationRequest).contents
        let name = Array("honest".utf8)
        let place = try #require(der.indices.first { der[$0...].starts(with: name) })
        der.replaceSubrange(place..<(place + name.count), with: "forged".utf8)
        #expect(throws: CertificationRequestError.invalidSignature) { try CertificationRequest(der: der) }
    }

    @Test func `a request truncated or changed anywhere never traps`() throws {
        let pem = try OpenSSLRequest.make()
        let der = try PEM.block(Array(pem.utf8), labels: PEM.certificationRequest).contents
        for length in 0..<der.count {
            #expect(throws: CertificationRequestError.self) {
                try CertificationRequest(der: Array(der.prefix(length)))
            }
        }
        for index in der.indices {
            var changed = der
            changed[index] ^= 0x41
            _ = try? CertificationRequest(der: changed)
        }
    }

    @Test(arguments: ["", "no pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
    func `input that is not one PEM block of a request is refused`(_ text: String) {
        let error = #expect(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: Array(text.utf8))
        }
        guard case .notPEM? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `two requests in one file are refused`() throws {
        let pem = try OpenSSLRequest.make()
        #expect(throws: CertificationRequestError.notPEM(.several(2, label: "CERTIFICATE REQUEST"))) {
            try CertificationRequest(pem: Array((pem + pem).utf8))
        }
    }

    /// SubjectPublicKeyInfo in hexadecimal; the surrounding request is valid except for its signature.
    static let malformedKeys = [
        "no BIT STRING": "3009 3007 0605 2B81040022",
        "unused bits": "3010 3007 0605 2B81040022 0305 01 04010200",
        "a third element": "3012 3007 0605 2B81040022 0305 00 04010203 0500",
        "no algorithm": "3009 3000 0305 00 04010203",
        "an algorithm that is not a SEQUENCE": "3009 0500 0305 00 04010203",
    ]

    @Test(arguments: malformedKeys.keys.sorted())
    func `a request with a malformed public key is refused`(_ name: String) throws {
        let key = try #require(
            Self.malformedKeys[name].flatMap { octets(hexadecimal: $0.filter { $0 != " " }) })
        let info = DERElements.encoded(
            tag: 0x30, contents: [0x02, 0x01, 0x00, 0x30, 0x00] + key + [0xA0, 0x00])
        let der = SignedObject.assemble(tbs: info, algorithm: .sha256WithECDSA, signature: [0x30, 0x00])
        let error = #expect(throws: CertificationRequestError.self) { try CertificationRequest(der: der) }
        guard case .notDER? = error else {
            Issue.record("\(name): \(String(describing: error))")
            return
        }
    }
}
