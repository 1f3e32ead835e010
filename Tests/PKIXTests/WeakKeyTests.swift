import Foundation
import Identifiers
import TestSupport
import Testing
import X509

@testable import PKIX

struct WeakKeyTests {
    private static func request(_ kind: String) throws -> [UInt8] {
        let script = "\(Products.root)/Tests/IntegrationTests/Python/weak_key_csr.py"
        return Array(try Command.output(Products.python, [script, kind]).utf8)
    }

    @Test(arguments: [("roca", "CVE-2017-15361"), ("close", "two close primes")])
    func `a key with a recognizably weak modulus is refused`(_ kind: String, _ reason: String) throws {
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: try Self.request(kind))
        }
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test func `a strong key made the same way is accepted`() throws {
        let request = try CertificationRequest(pem: try Self.request("sound"))
        try request.checkKeyThoroughly()
        // Again: the result is cached.
        try request.checkKeyThoroughly()
    }

    @Test(arguments: [("cube", "a power of degree 3"), ("fifth", "a power of degree 5")])
    func `a modulus that is a power of a prime is refused`(_ kind: String, _ reason: String) throws {
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: try Self.request(kind))
        }
        #expect(error.description.contains(reason), "\(error)")
    }

    @Test func `a prime modulus is refused, though the signature verifies`() throws {
        let request = try CertificationRequest(pem: try Self.request("prime"))
        for _ in 0..<2 {
            let error = try #require(throws: CertificationRequestError.self) {
                try request.checkKeyThoroughly()
            }
            #expect(error.description.contains("the RSA modulus is a prime"), "\(error)")
        }
    }

    @Test(arguments: ["ec-p256-1", "ec-p256--1", "ec-p384-1", "ec-p384--2", "ec-p521-16", "ec-p521--1"])
    func `a publicly known elliptic curve key is refused`(_ kind: String) throws {
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: try Self.request(kind))
        }
        #expect(error.description.contains("its private key is a number up to 16"), "\(error)")
    }

    @Test(arguments: ["ec-p256-1000003", "ec-p384-1000003", "ec-p521-1000003"])
    func `an elliptic curve key made the same way is accepted`(_ kind: String) throws {
        _ = try CertificationRequest(pem: try Self.request(kind))
    }

    @Test func `case 16: an Ed25519 key of small order is refused`() throws {
        let pem = try CaseFiles.read("16-ed25519-small-order/700-ed-identity.csr")
        let error = try #require(throws: CertificationRequestError.self) {
            try CertificationRequest(pem: pem)
        }
        #expect(error.description.contains("small order"), "\(error)")
    }

    /// Encodings of points in hexadecimal, computed by a script that implements only the curve.
    @Test(arguments: ["small-order", "not-canonical"])
    func `every point of small order and every noncanonical encoding is refused`(
        _ kind: String
    ) throws {
        let script = "\(Products.root)/Tests/PKIXTests/Python/ed25519_points.py"
        let keys = try Command.output(Products.python, [script, kind]).split(separator: "\n")
        #expect(keys.count == (kind == "small-order" ? 8 : 38))
        let good = try PEM.block(
            Array(try OpenSSLRequest.make(key: ["ed25519"]).utf8), labels: PEM.certificationRequest
        ).contents
        _ = try CertificationRequest(der: good)
        // AlgorithmIdentifier, and the header of a BIT STRING of 32 octets.
        let header: [UInt8] = [0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        let place = try #require(good.indices.first { good[$0...].starts(with: header) }) + header.count
        for key in keys {
            var der = good
            der.replaceSubrange(place..<(place + 32), with: try #require(octets(hexadecimal: String(key))))
            let error = try #require(throws: CertificationRequestError.self) {
                try CertificationRequest(der: der)
            }
            let reason = kind == "small-order" ? "has a small order" : "is not encoded canonically"
            #expect(error.description.contains(reason), "\(key): \(error)")
        }
    }

    @Test func `an officer's key of small order is refused`() throws {
        let pem = try CaseFiles.read("16-ed25519-small-order/700-ed-identity.csr")
        let request = try PEM.block(pem, labels: PEM.certificationRequest).contents
        let header: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70]
        let place = try #require(request.indices.first { request[$0...].starts(with: header) })
        let key = PEM.encode(Array(request[place..<(place + 44)]), label: "PUBLIC KEY")
        let fault = try #require(throws: PublicKeyFault.self) { try PEMKey.publicKey(pem: Array(key.utf8)) }
        #expect(fault.description.contains("small order"), "\(fault)")
    }

    @Test(arguments: [["ed25519"], ["rsa:2048"], ["ec", "-pkeyopt", "ec_paramgen_curve:P-384"]])
    func `officers' keys are read in every form of RFC 7468`(_ kind: [String]) throws {
        let directory = try TemporaryDirectory()
        _ = try Command.output(
            "openssl",
            ["req", "-new", "-nodes", "-keyout", directory.path("key"), "-subj", "/CN=o", "-newkey"] + kind)
        let privateKey = try Command.output("cat", [directory.path("key")])
        let publicKey = try Command.output("openssl", ["pkey", "-in", directory.path("key"), "-pubout"])
        let read = try PEMKey.privateKey(pem: Array(privateKey.replacing("\n", with: "\r").utf8))
        let other = try PEMKey.publicKey(pem: Array(("\u{FEFF}of Alice\n" + publicKey).utf8))
        #expect(other.matches(read.publicKey))
        let fault = try #require(throws: PublicKeyFault.self) {
            try PEMKey.publicKey(pem: Array(privateKey.utf8))
        }
        #expect(fault.description.contains("holds a private key"), "\(fault)")
    }

    @Test func `a modulus with a small factor is refused`() throws {
        // OpenSSL makes no such key, so the modulus of a good key is changed in place. The signature is
        // verified only after the key.
        let pem = try OpenSSLRequest.make(key: ["rsa:2048"])
        var der = try PEM.block(Array(pem.utf8), labels: PEM.certificationRequest).contents
        // INTEGER of 257 octets, the first of them zero.
        let header: [UInt8] = [0x02, 0x82, 0x01, 0x01, 0x00]
        let start = try #require(der.indices.first { der[$0...].starts(with: header) }) + header.count
        let modulus = start..<(start + 256)
        // Makes the number a multiple of 3. Its remainder is the sum of its octets modulo 3, because 256 is 1
        // modulo 3.
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

    @Test func `a key on the list of known keys is refused`() throws {
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
    func `a malformed list is refused with the line`(_ line: String) {
        let error = #expect(throws: KnownWeakKeys.MalformedLine.self) {
            try KnownWeakKeys(list: "# comment\n\(line)")
        }
        #expect(error?.number == 2)
    }

    @Test(arguments: ["mldsa44", "mldsa65", "mldsa87"])
    func `an ML-DSA key is refused by name`(_ name: String) throws {
        // SubjectPublicKeyInfo with the algorithm's identifier (RFC 9881) in a request that OpenSSL made.
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
