import TestSupport
import Testing
import X509

@testable import PKIX

/// The attributes of a CSR: requests for extensions are read as OpenSSL reads them, or refused.
struct RequestAttributeTests {
    private typealias Build = RequestBuilder

    private static func names(_ request: CertificationRequest) throws -> [GeneralName] {
        Array(try request.extensions.subjectAlternativeNames ?? SubjectAlternativeNames([]))
    }

    private static func refusal(_ der: [UInt8]) throws -> String {
        try #require(throws: CertificationRequestError.self) { try CertificationRequest(der: der) }
            .description
    }

    @Test func `case 06: two extensionRequest attributes are refused`() throws {
        let der = try Build(
            attributes: ["a.example.test", "bb.example.test"].map {
                Build.attribute(Build.extensionRequest, [Build.extensions($0)])
            }
        ).der()
        // OpenSSL prints the names of the first only.
        let text = try Build.verify(der)
        #expect(text.contains("DNS:a.example.test"))
        #expect(try Self.refusal(der).contains("extensionRequest (1.2.840.113549.1.9.14) is there twice"))
    }

    @Test func `a repeated attribute is refused, and so is a second value`() throws {
        let password = Build.attribute(Build.challengePassword, [[0x0C, 1, 0x61]])
        let other = Build.attribute(Build.challengePassword, [[0x0C, 1, 0x62]])
        #expect(
            try Self.refusal(try Build(attributes: [password, other]).der())
                .contains("challengePassword (1.2.840.113549.1.9.7) is there twice"))
        let values = ["a.example.test", "bb.example.test"].map { Build.extensions($0) }
        for type in [Build.extensionRequest, Build.microsoft] {
            #expect(
                try Self.refusal(try Build(attributes: [Build.attribute(type, values)]).der())
                    .contains("has 2 values and not one"))
            #expect(
                try Self.refusal(try Build(attributes: [Build.attribute(type, [])]).der())
                    .contains("has 0 values and not one"))
        }
        let microsoft = values.map { Build.attribute(Build.microsoft, [$0]) }
        #expect(try Self.refusal(try Build(attributes: microsoft).der()).contains("is there twice"))
    }

    @Test func `case 07: the extensions in Microsoft's attribute are read`() throws {
        let request = try CertificationRequest(
            pem: CaseFiles.read("07-microsoft-extension-request/02i-ms-extreq.csr"))
        #expect(try Self.names(request) == [.dnsName("web.example.test")])
        #expect(request.unusedAttributes.isEmpty)
        let own = try Build(attributes: [
            Build.attribute(Build.microsoft, [Build.extensions("old.example.test")])
        ]).der()
        #expect(try Build.verify(own).contains("DNS:old.example.test"))
        #expect(try Self.names(CertificationRequest(der: own)) == [.dnsName("old.example.test")])
    }

    @Test func `a request with both attributes for extensions is refused`() throws {
        let der = try Build(attributes: [
            Build.attribute(Build.extensionRequest, [Build.extensions("a.example.test")]),
            Build.attribute(Build.microsoft, [Build.extensions("a.example.test")]),
        ]).der()
        #expect(try Self.refusal(der).contains("1.3.6.1.4.1.311.2.1.14) are there"))
    }

    @Test func `other attributes are named, without their values`() throws {
        let der = try Build(attributes: [
            Build.attribute(Build.challengePassword, [[0x0C, 6] + Array("secret".utf8)]),
            Build.attribute([0x2A, 0x03, 0x04], [[0x05, 0x00]]),
            Build.attribute(Build.extensionRequest, [Build.extensions("a.example.test")]),
        ]).der()
        _ = try Build.verify(der)
        let request = try CertificationRequest(der: der)
        #expect(
            Set(request.unusedAttributes) == ["challengePassword (1.2.840.113549.1.9.7)", "1.2.3.4"])
        #expect(try Self.names(request) == [.dnsName("a.example.test")])
    }

    @Test func `too many attributes and types that are too long are refused`() throws {
        let many = (0..<33).map { Build.attribute([0x2A, UInt8($0)], [[0x05, 0x00]]) }
        #expect(try Self.refusal(try Build(attributes: many).der()).contains("there are more than 32"))
        _ = try CertificationRequest(der: try Build(attributes: Array(many.dropLast())).der())
        let long = Build.attribute([0x2A] + [UInt8](repeating: 0x11, count: 200), [[0x05, 0x00]])
        #expect(try Self.refusal(try Build(attributes: [long]).der()).contains("has 201 octets"))
    }

    /// pyca/cryptography reads 63 octets and not 64, like other programs that store object identifiers in an
    /// array of that size.
    @Test func `an object identifier of 63 octets is accepted, and one of 64 is refused with its place`()
        throws
    {
        let longest = [0x2A] + [UInt8](repeating: 0x03, count: 62)
        _ = try CertificationRequest(
            der: try Build(attributes: [Build.attribute(longest, [[0x05, 0x00]])]).der())
        for attribute in [
            Build.attribute(longest + [0x03], [[0x05, 0x00]]),
            Build.attribute([0x2A, 0x03], [Build.element(0x06, [longest + [0x03]])]),
            Build.attribute(
                Build.extensionRequest,
                [
                    Build.element(
                        0x30,
                        [
                            Build.element(
                                0x30,
                                [
                                    Build.element(0x06, [longest + [0x03]]),
                                    Build.element(0x04, [[0x05, 0x00]]),
                                ])
                        ])
                ]),
        ] {
            let refusal = try Self.refusal(try Build(attributes: [attribute]).der())
            #expect(refusal.contains("an OBJECT IDENTIFIER has 64 octets"), "\(refusal)")
            #expect(refusal.contains("63 at most, in certificationRequestInfo, attributes"), "\(refusal)")
        }
    }

    @Test(
        arguments: [([1], "1"), ([2], "2"), ([0xFF], "0xff"), ([0x01, 0x00], "0x0100")] as [([UInt8], String)]
    )
    func `a version other than 0 is refused`(_ version: [UInt8], _ text: String) throws {
        let der = try Build(version: version).der()
        #expect(try Self.refusal(der).contains("its version is \(text) and not 0"))
    }

    @Test func `a missing list of attributes means no extensions`() throws {
        let request = try CertificationRequest(der: try Build().der())
        #expect(request.extensions.isEmpty)
    }
}
