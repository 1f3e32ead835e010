import Foundation
import PKIX
import TestSupport
import Testing

struct WeakKeyTests {
    private static func request(_ kind: String) throws -> [UInt8] {
        let script = "\(Products.root)/Tests/IntegrationTests/Python/weak_key_csr.py"
        return Array(try Command.output(Products.python, [script, kind]).utf8)
    }

    @Test(arguments: [("roca", "CVE-2017-15361"), ("close", "two close primes")])
    func `a key whose weakness shows in the modulus is refused`(_ kind: String, _ reason: String) throws {
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: try Self.request(kind))
        }
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test func `a sound key made the same way is taken`() throws {
        _ = try CertificationRequest(pem: try Self.request("sound"))
    }

    @Test func `a modulus with a small factor is refused`() throws {
        // OpenSSL makes no such key, so the modulus of a good one is changed where it stands: the signature is looked at
        // only after the key.
        let pem = try OpenSSLRequest.make(key: ["rsa:2048"])
        var der = try #require(PEM.decode(Array(pem.utf8), labels: ["CERTIFICATE REQUEST"]))[0]
        // INTEGER of 257 octets, the first of them zero.
        let header: [UInt8] = [0x02, 0x82, 0x01, 0x01, 0x00]
        let start = try #require(der.indices.first { der[$0...].starts(with: header) }) + header.count
        let modulus = start..<(start + 256)
        // Whatever it was, it becomes a multiple of 3 by its sum modulo 3: 256 is 1 modulo 3.
        var rest = der[modulus].reduce(0) { ($0 + Int($1)) % 3 }
        while rest != 0 {
            der[modulus.lowerBound + 100] =
                der[modulus.lowerBound + 100] == 255 ? 0 : der[modulus.lowerBound + 100] + 1
            rest = der[modulus].reduce(0) { ($0 + Int($1)) % 3 }
        }
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(der: der)
        }
        #expect(error.description.contains("small factor"), "\(error)")
    }

    @Test func `a key on the list of known ones is refused`() throws {
        let directory = try TemporaryDirectory()
        let pem = try OpenSSLRequest.make(key: ["rsa:2048"])
        try directory.write("csr.pem", pem)
        let modulus = try Command.output(
            "openssl", ["req", "-in", directory.path("csr.pem"), "-noout", "-modulus"])
        let digest = try Command.output("openssl", ["dgst", "-sha1", "-r"], input: Data(modulus.utf8))
        let fingerprint = digest.prefix(40).suffix(20)
        let known = try KnownWeakKeys(list: "# one key\n\(fingerprint)\n")
        #expect(known.count == 1)
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: Array(pem.utf8), known: known)
        }
        #expect(error.description.contains("on the list of keys that are known"), "\(error)")
        _ = try CertificationRequest(pem: Array(pem.utf8), known: KnownWeakKeys(list: "0123456789abcdef0123"))
    }

    @Test(arguments: ["0123456789abcdef012", "0123456789abcdef01234", "0123456789abcdef012g"])
    func `a list that is not one is refused with its line`(_ line: String) {
        let error = #expect(throws: KnownWeakKeys.MalformedLine.self) {
            try KnownWeakKeys(list: "# comment\n\(line)")
        }
        #expect(error?.number == 2)
    }

    @Test(arguments: ["mldsa44", "mldsa65", "mldsa87"])
    func `an ML-DSA key is refused by its name`(_ name: String) throws {
        // SubjectPublicKeyInfo with the algorithm's identifier (RFC 9881) in a request that is otherwise OpenSSL's.
        let parameter: UInt8 = name == "mldsa44" ? 17 : name == "mldsa65" ? 18 : 19
        let algorithm: [UInt8] = [
            0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, parameter,
        ]
        let key: [UInt8] = [0x30, UInt8(algorithm.count + 4)] + algorithm + [0x03, 0x02, 0x00, 0x01]
        let info: [UInt8] = [0x02, 0x01, 0x00, 0x30, 0x00] + key + [0xA0, 0x00]
        let rest: [UInt8] = algorithm + [0x03, 0x02, 0x00, 0x01]
        let der: [UInt8] =
            [0x30, UInt8(info.count + 2 + rest.count), 0x30, UInt8(info.count)] + info + rest
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(der: der)
        }
        #expect(error.description.contains("ML-DSA"), "\(error)")
    }
}
