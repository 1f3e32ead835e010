import TestSupport
import Testing
import X509

@testable import PKIX

/// Signatures of requests, made by OpenSSL.
struct RequestSignatureTests {
    private static func request(_ key: [String], _ options: [String]) throws -> [UInt8] {
        let directory = try TemporaryDirectory()
        let pem = try Command.output(
            "openssl",
            ["req", "-new", "-nodes", "-keyout", directory.path("key"), "-subj", "/CN=a.example", "-newkey"]
                + key + options)
        return Array(pem.utf8)
    }

    private static func pss(_ more: [String] = []) -> [String] {
        ["-sigopt", "rsa_padding_mode:pss"] + more.flatMap { ["-sigopt", $0] }
    }

    @Test(arguments: [
        ["-sha256"], ["-sha384"], ["-sha512"], ["-sha256", "-sigopt", "rsa_pss_saltlen:32"],
        ["-sha256", "-sigopt", "rsa_pss_saltlen:0"], ["-sha512", "-sigopt", "rsa_pss_saltlen:20"],
        ["-sha384", "-sigopt", "rsa_pss_saltlen:max"],
    ])
    func `a request signed with RSASSA-PSS is accepted`(_ options: [String]) throws {
        for key in ["rsa:2048", "rsa:3072"] {
            let pem = try Self.request([key], Self.pss() + options)
            let request = try CertificationRequest(pem: pem)
            #expect(request.subjectName.description == "CN=a.example")
        }
    }

    @Test func `a request whose RSASSA-PSS signature is for other octets is refused`() throws {
        let pem = try Self.request(["rsa:2048"], ["-sha256"] + Self.pss())
        let der = try PEM.block(pem, labels: PEM.certificationRequest).contents
        let name = Array("a.example".utf8)
        let place = try #require(der.indices.first { der[$0...].starts(with: name) })
        var forged = der
        forged[place] = UInt8(ascii: "b")
        #expect(throws: CertificationRequestError.invalidSignature) {
            try CertificationRequest(der: forged)
        }
        // Changes octets of the signature.
        for index in (der.count - 256)..<der.count where index % 17 == 0 {
            var changed = der
            changed[index] ^= 0x10
            #expect(throws: CertificationRequestError.invalidSignature) {
                try CertificationRequest(der: changed)
            }
        }
    }

    @Test(arguments: [
        ["-sha1"] + pss(), ["-sha224"] + pss(), ["-sha256"] + pss(["rsa_mgf1_md:sha1"]),
        ["-sha256"] + pss(["rsa_mgf1_md:sha512"]),
    ])
    func `RSASSA-PSS with other digests is refused`(_ options: [String]) throws {
        let pem = try Self.request(["rsa:2048"], options)
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: pem)
        }
        #expect(error.description.contains("signature algorithm is not supported: RSASSA-PSS"), "\(error)")
    }

    @Test(arguments: [
        (["rsa:2048"], "sha1WithRSAEncryption"),
        (["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "ecdsa-with-SHA1"),
    ])
    func `SHA-1 is refused for every key`(_ key: [String], _ name: String) throws {
        let pem = try Self.request(key, ["-sha1"])
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: pem)
        }
        #expect(error.description.contains(name), "\(error)")
        #expect(error.description.contains("SHA-1 is taken from no key"), "\(error)")
    }

    @Test func `an unsupported signature algorithm is named`() throws {
        let pem = try Self.request(["rsa:2048"], ["-sha224"])
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: pem)
        }
        #expect(error.description.contains("sha224WithRSAEncryption"), "\(error)")
    }
}
