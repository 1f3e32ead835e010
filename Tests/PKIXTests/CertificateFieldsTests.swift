import Foundation
import PKIX
import TestSupport
import Testing

/// Certificates in DER, and the places where malformed ones fail.
struct CertificateFieldsTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let place: String
        let change: @Sendable (inout [UInt8]) throws -> Void
    }

    private static func make() throws -> [UInt8] {
        let pem = try Command.output(
            "openssl",
            ["req", "-x509", "-subj", "/CN=a", "-nodes", "-keyout", "/dev/null", "-newkey", "rsa:2048"])
        return try PEM.decode(Array(pem.utf8), labels: ["CERTIFICATE"])[0]
    }

    private static func replace(_ old: [UInt8], by new: [UInt8], in der: inout [UInt8]) throws {
        let start = try #require(der.indices.first { der[$0...].starts(with: old) })
        der.replaceSubrange(start..<(start + old.count), with: new)
    }

    static let faults = [
        Fault(testDescription: "no octets", place: "Certificate") { $0 = [] },
        Fault(testDescription: "an extra octet", place: "Certificate") { $0.append(0) },
        Fault(testDescription: "a missing octet", place: "Certificate") { $0.removeLast() },
        Fault(testDescription: "an outer SET", place: "Certificate") { $0[0] = 0x31 },
        Fault(testDescription: "a month that does not exist", place: "tbsCertificate.validity.notBefore") {
            der in
            let time = try #require(der.indices.first { der[$0...].starts(with: [0x17, 0x0D]) })
            der.replaceSubrange((time + 4)..<(time + 6), with: "13".utf8)
        },
        Fault(testDescription: "a SET encoded as a SEQUENCE in a name", place: "tbsCertificate.issuer") {
            try replace(
                [0x31, 0x0A, 0x30, 0x08, 0x06, 0x03, 0x55], by: [0x30, 0x0A, 0x30, 0x08, 0x06, 0x03, 0x55],
                in: &$0)
        },
        Fault(testDescription: "a TRUE encoded as 1", place: "tbsCertificate.extensions[3].critical") {
            try replace([0x01, 0x01, 0xFF, 0x04], by: [0x01, 0x01, 0x01, 0x04], in: &$0)
        },
        Fault(testDescription: "a version that is not a number", place: "tbsCertificate.serialNumber") {
            try replace(
                [0xA0, 0x03, 0x02, 0x01, 0x02, 0x02], by: [0xA0, 0x03, 0x02, 0x01, 0x02, 0x04], in: &$0)
        },
        Fault(testDescription: "a key of another kind", place: "tbsCertificate.subjectPublicKeyInfo") {
            // rsaEncryption becomes an unassigned algorithm.
            try replace(
                [0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01], by: [0x86, 0xF7, 0x0D, 0x01, 0x01, 0x63], in: &$0)
        },
    ]

    @Test(arguments: faults)
    func `a malformed certificate is reported with the place`(_ fault: Fault) throws {
        var der = try Self.make()
        #expect(throws: Never.self) { try CertificateParser.parse(der) }
        try fault.change(&der)
        let error = #expect(throws: SyntaxFault.self) { try CertificateParser.parse(der) }
        #expect(error?.place == fault.place, "\(String(describing: error))")
    }

    // Case 08: cfssl re-encodes the subject as PrintableString.
    @Test func `a subject that cfssl re-encoded equals the CSR's, and the difference is reported`() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Cases/08-import-name-re-encoded")
        func block(_ file: String, _ label: String) throws -> [UInt8] {
            let pem = try Data(contentsOf: folder.appending(path: file))
            return try PEM.decode(Array(pem), labels: [label])[0]
        }
        let certificate = try CertificateFields(derEncoded: block("sub.pem", "CERTIFICATE"))
        let root = try CertificateFields(derEncoded: block("cf.pem", "CERTIFICATE"))
        let request = try CertificationRequest(der: block("sub.csr", "CERTIFICATE REQUEST")).subject[...]
        #expect(certificate.subject != request)
        #expect(NameMatch(derEncoded: certificate.subject) == NameMatch(derEncoded: request))
        #expect(NameMatch(derEncoded: certificate.issuer) == NameMatch(derEncoded: root.subject))
        #expect(NameMatch(derEncoded: certificate.subject) != NameMatch(derEncoded: root.subject))
        #expect(
            NameDifference.description(of: certificate.subject, from: request)
                == "has the attribute O as PrintableString, and not as UTF8String")
    }
}
