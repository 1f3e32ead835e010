import TestSupport
import Testing

@testable import PKIX

/// A malformed request is refused with the fault, its place and the value.
struct RequestReasonTests {
    private typealias Build = RequestBuilder

    private static func refusal(_ request: () throws -> CertificationRequest) throws -> String {
        let text = try #require(throws: CertificationRequestError.self) { try request() }.description
        // No error code of a library appears.
        for code in ["invalidASN1", "unexpectedField", "truncated", "duplicateOID", "unsupportedPublic"] {
            #expect(!text.contains(code), "\(text)")
        }
        return text
    }

    @Test(arguments: [
        ("02a-noattrs", "the attributes field is missing"),
        ("02k-attrs-unsorted", "the SET OF attributes is not in DER order"),
        ("02m-san-twice", "the extension subjectAltName, 2.5.29.17 is there twice"),
        ("02n-critical-false", "critical FALSE is encoded"),
        ("02t-ber-length", "not in the least number of octets"),
        ("03c-spki-nonull", "rsaEncryption without NULL parameters (RFC 3279, section 2.3.1)"),
        ("04n-multirdn-unsorted", "the SET OF RDN 1 is not in DER order"),
    ])
    func `case 09: a refusal gives the reason`(_ name: String, _ reason: String) throws {
        let pem = try CaseFiles.read("09-reasons-that-say-nothing/\(name).csr")
        let text = try Self.refusal { try CertificationRequest(pem: pem) }
        #expect(text.contains(reason), "\(text)")
    }

    struct Defect: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable ([UInt8]) throws -> [UInt8]
        let reason: String
    }

    private static func replace(_ der: [UInt8], _ old: [UInt8], _ new: [UInt8]) throws -> [UInt8] {
        let place = try #require(der.indices.first { der[$0...].starts(with: old) })
        return Array(der[..<place]) + new + Array(der[(place + old.count)...])
    }

    /// The request with two more octets at one place of the outermost SEQUENCE.
    private static func enlarged(
        _ der: [UInt8], replacing old: [UInt8], with new: [UInt8]
    ) throws -> [UInt8] {
        let contents = try #require(DERElements(der[...]).first { _ in true }).contents
        return Build.element(0x30, [try replace(Array(contents), old, new)])
    }

    private static func request(extension fields: [[UInt8]]) throws -> [UInt8] {
        try Build(attributes: [
            Build.attribute(Build.extensionRequest, [Build.element(0x30, [Build.element(0x30, fields)])])
        ]).der()
    }
    private static let keyUsage: [UInt8] = [0x06, 3, 0x55, 0x1D, 0x0F]
    private static let commonName: [UInt8] = [0x06, 3, 0x55, 0x04, 0x03]
    private static let text: [UInt8] = [0x0C, 1, 0x61]
    /// 2.25 and a 128-bit number.
    private static let longArc: [UInt8] = [0x69, 0x83] + [UInt8](repeating: 0xFF, count: 17) + [0x7F]

    /// Defects, each with the place of the fault.
    static let placedDefects: [Defect] = [
        Defect(
            testDescription: "an extension with a third element",
            make: { _ in try request(extension: [keyUsage, [0x04, 4, 3, 2, 5, 0xA0], [0x05, 0]]) },
            reason: "3 elements are there and not 2, in certificationRequestInfo, attributes"),
        Defect(
            testDescription: "an extension with a constructed value",
            make: { _ in try request(extension: [keyUsage, [0x24, 6, 0x04, 4, 3, 2, 5, 0xA0]]) },
            reason: "its value is no OCTET STRING, in certificationRequestInfo, attributes"),
        Defect(
            testDescription: "an extension without a type",
            make: { _ in try request(extension: [[0x04, 4, 3, 2, 5, 0xA0]]) },
            reason: "it does not begin with an object identifier"),
        Defect(
            testDescription: "an extension with a long arc",
            make: { _ in try request(extension: [Build.element(0x06, [longArc]), [0x04, 2, 5, 0]]) },
            reason: "has an arc of more than 63 bits, which is not supported, in certificationRequestInfo"),
        Defect(
            testDescription: "an attribute of the subject with a long arc",
            make: { _ in
                try Build(subject: Build.subject([[Build.element(0x06, [longArc]), text]])).der()
            },
            reason:
                "has an arc of more than 63 bits, which is not supported, in certificationRequestInfo, subject"
        ),
        Defect(
            testDescription: "an attribute of the subject with a third element",
            make: { _ in try Build(subject: Build.subject([[commonName, text, text]])).der() },
            reason: "3 elements are there and not 2, in certificationRequestInfo, subject, RDN 1, attribute 1"
        ),
        Defect(
            testDescription: "an attribute of the subject without a type",
            make: { _ in try Build(subject: Build.subject([[text]])).der() },
            reason: "it does not begin with an object identifier, in certificationRequestInfo, subject, RDN 1"
        ),
        Defect(
            testDescription: "a subject that is not a set",
            make: { _ in
                try Build(subject: Build.element(0x30, [Build.element(0x30, [commonName, text])])).der()
            }, reason: "RDN 1 is no SET, in certificationRequestInfo, subject"),
        Defect(
            testDescription: "an attribute of the request with a long arc",
            make: { _ in try Build(attributes: [Build.attribute(longArc, [[0x05, 0x00]])]).der() },
            reason: "has an arc of more than 63 bits"),
        Defect(
            testDescription: "a NULL after the curve",
            make: { der in
                let fields: [UInt8] = [
                    0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
                    0x3D, 0x03, 0x01, 0x07,
                ]
                let parts = Array(
                    DERElements(try #require(DERElements(der[...]).first { _ in true }).contents))
                var info = Array(DERElements(parts[0].contents)).map { Array($0.encoded) }
                let key = Array(
                    DERElements(try #require(DERElements(info[2][...]).first { _ in true }).contents))
                info[2] = Build.element(
                    0x30, [Build.element(0x30, [fields, [0x05, 0x00]]), Array(key[1].encoded)])
                return Build.element(
                    0x30, [Build.element(0x30, info)] + parts[1...].map { Array($0.encoded) })
            }, reason: "the AlgorithmIdentifier of its public key has more than two elements"),
        Defect(
            testDescription: "a signature algorithm with a long arc",
            make: { der in
                let oid: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]
                return try enlarged(
                    der, replacing: [0x30, 0x0A] + oid,
                    with: Build.element(0x30, [Build.element(0x06, [longArc])]))
            }, reason: "has an arc of more than 63 bits"),
    ]

    static let defects: [Defect] = [
        Defect(
            testDescription: "trailing octets", make: { $0 + [1, 2, 3] },
            reason: "3 octets follow the end of the first element"),
        Defect(
            testDescription: "a trailing second request", make: { $0 + $0 },
            reason: "octets follow the CertificationRequest"),
        Defect(testDescription: "a truncated request", make: { Array($0.dropLast(5)) }, reason: "ends after"),
        Defect(
            testDescription: "an indefinite length", make: { [0x30, 0x80] + $0.dropFirst(4) },
            reason: "indefinite length"),
        Defect(testDescription: "no SEQUENCE", make: { [0x31] + $0.dropFirst() }, reason: "is no SEQUENCE"),
        Defect(
            testDescription: "a BOOLEAN encoded as 1",
            make: { _ in
                let entry = Build.element(
                    0x30,
                    [[0x06, 3, 0x55, 0x1D, 0x13], [0x01, 1, 0x01], Build.element(0x04, [[0x30, 0x00]])])
                return try Build(attributes: [
                    Build.attribute(Build.extensionRequest, [Build.element(0x30, [entry])])
                ]).der()
            },
            reason:
                "a BOOLEAN is neither 00 nor FF (X.690, section 11.1), in certificationRequestInfo, attributes"
        ),
        Defect(
            testDescription: "malformed extensions",
            make: { _ in
                try Build(attributes: [Build.attribute(Build.extensionRequest, [[0x04, 1, 0]])]).der()
            }, reason: "1.2.840.113549.1.9.14) is an OCTET STRING and not the SEQUENCE of extensions"),
        Defect(
            testDescription: "Microsoft's attribute with a text",
            make: { _ in
                try Build(attributes: [Build.attribute(Build.microsoft, [Build.element(0x0C, [[0x61]])])])
                    .der()
            },
            reason: "szOID_CERT_EXTENSIONS (1.3.6.1.4.1.311.2.1.14) is a UTF8String and not the SEQUENCE"),
        Defect(
            testDescription: "NULL as parameters of ECDSA",
            make: { der in
                // ecdsa-with-SHA256, 1.2.840.10045.4.3.2
                let oid: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]
                return try enlarged(
                    der, replacing: [0x30, 0x0A] + oid, with: [0x30, 0x0C] + oid + [0x05, 0x00])
            },
            reason: "ecdsa-with-SHA256 (1.2.840.10045.4.3.2) has parameters (a NULL), which must be absent"),
        Defect(
            testDescription: "an empty signature",
            make: { der in
                var parts = Array(
                    DERElements(try #require(DERElements(der[...]).first { _ in true }).contents))
                let signature = parts.removeLast()
                #expect(signature.tag == 0x03)
                return Build.element(0x30, parts.map { Array($0.encoded) } + [[0x03, 0x01, 0x00]])
            }, reason: "its signature has no octet"),
        Defect(
            testDescription: "the point (0, 0)",
            make: { der in
                let start = try #require(
                    der.indices.first { der[$0...].starts(with: [0x03, 0x42, 0x00, 0x04]) })
                return Array(der[..<(start + 4)]) + [UInt8](repeating: 0, count: 64) + der[(start + 68)...]
            }, reason: "its public key is not a point on P-256"),
        Defect(
            testDescription: "a point that is not on the curve",
            make: { der in
                let start = try #require(
                    der.indices.first { der[$0...].starts(with: [0x03, 0x42, 0x00, 0x04]) })
                var changed = der
                changed[start + 67] ^= 1
                return changed
            }, reason: "its public key is not a point on P-256"),
        Defect(
            testDescription: "a repeated key usage",
            make: { _ in
                let entry = Build.element(0x30, [[0x06, 3, 0x55, 0x1D, 0x0F], [0x04, 4, 3, 2, 5, 0xA0]])
                return try Build(attributes: [
                    Build.attribute(Build.extensionRequest, [Build.element(0x30, [entry, entry])])
                ]).der()
            }, reason: "the extension keyUsage, 2.5.29.15 is there twice"),
        Defect(
            testDescription: "attributes out of order",
            make: { _ in
                try Build(
                    attributes: [
                        Build.attribute(Build.extensionRequest, [Build.extensions("a.example.test")]),
                        Build.attribute([0x2A, 0x03], [[0x05, 0x00]]),
                    ], isSorted: false
                ).der()
            },
            reason:
                "the SET OF attributes is not in DER order (X.690, section 11.6), in certificationRequestInfo"
        ),
        Defect(
            testDescription: "an attribute that is not a SEQUENCE",
            make: { _ in try Build(attributes: [[0x05, 0x00]]).der() },
            reason: "attribute 1 is not a type and a SET of values"),
        Defect(
            testDescription: "a padded version", make: { _ in try Build(version: [0, 0]).der() },
            reason: "its version is"),
    ]

    @Test(arguments: defects + placedDefects)
    func `a defect at any other place has its reason`(_ defect: Defect) throws {
        let der = try defect.make(
            try Build(attributes: [
                Build.attribute(Build.extensionRequest, [Build.extensions("a.example.test")])
            ]).der())
        let text = try Self.refusal { try CertificationRequest(der: der) }
        #expect(text.contains(defect.reason), "\(text)")
    }

    @Test func `a request changed anywhere is not refused with an error code`() throws {
        let der = try Build(attributes: [
            Build.attribute(Build.extensionRequest, [Build.extensions("a.example.test")])
        ]).der()
        for index in der.indices {
            for mask in [0x01, 0x20, 0x80] as [UInt8] {
                var changed = der
                changed[index] ^= mask
                _ = try Self.refusal { try CertificationRequest(der: changed) }
            }
        }
    }

    @Test func `a malformed certificate is refused with the reason`() throws {
        let directory = try TemporaryDirectory()
        let pem = try Command.output(
            "openssl",
            [
                "req", "-x509", "-new", "-nodes", "-keyout", directory.path("key"), "-subj", "/CN=a",
                "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-addext", "1.2.3.4=ASN1:NULL",
                "-addext", "1.2.3.5=ASN1:NULL",
            ])
        let der = try PEM.block(Array(pem.utf8), labels: PEM.certificate).contents
        _ = try CertificateParser.parse(der)
        let twice = try Self.replace(der, [0x06, 0x03, 0x2A, 0x03, 0x05], [0x06, 0x03, 0x2A, 0x03, 0x04])
        let doubled = Self.reason(twice)
        #expect(doubled.contains("tbsCertificate.extensions hold 1.2.3.4 twice"), "\(doubled)")
        #expect(Self.reason(der + [0]).contains("after its end"), "\(Self.reason(der + [0]))")
        let short = Self.reason(Array(der.dropLast()))
        #expect(short.contains("Certificate is cut short"), "\(short)")
    }

    private static func reason(_ der: [UInt8]) -> String {
        do {
            _ = try CertificateParser.parse(der)
            return "it parses"
        } catch { return parseReason(error) }
    }
}
