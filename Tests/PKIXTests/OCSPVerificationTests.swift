import Crypto
import Foundation
import PKIX
import SwiftASN1
import Testing
import X509

/// Which OCSP responses a relying party accepts.
struct OCSPVerificationTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private let authorityKey = P256.Signing.PrivateKey()
    private let responderKey = P256.Signing.PrivateKey()

    private static func time(_ seconds: TimeInterval) throws -> CivilTime {
        try #require(CivilTime(now + seconds))
    }

    private func certificate(
        _ name: String, _ key: P256.Signing.PrivateKey, signedBy signer: P256.Signing.PrivateKey? = nil,
        until end: TimeInterval = 86_400, _ extensions: Certificate.Extensions = .init()
    ) throws -> [UInt8] {
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(bytes: [9]), publicKey: .init(key.publicKey),
            notValidBefore: Self.now - 86_400, notValidAfter: Self.now + end,
            issuer: DistinguishedName { CommonName("CA") }, subject: DistinguishedName { CommonName(name) },
            signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions,
            issuerPrivateKey: .init(signer ?? authorityKey))
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }

    private static func delegation(_ more: Certificate.Extension? = nil) throws -> Certificate.Extensions {
        try Certificate.Extensions(
            [try Certificate.Extension(ExtendedKeyUsage([.ocspSigning]), critical: false)]
                + (more.map { [$0] } ?? []))
    }

    private func named(_ serialNumber: UInt8 = 7) throws -> CertificateID {
        var name = DER.Serializer()
        try name.serialize(DistinguishedName { CommonName("CA") })
        return CertificateID(
            CertificateID.Issuer(
                .sha256, name: name.serializedBytes,
                publicKey: try SubjectPublicKey(.init(authorityKey.publicKey))),
            serialNumber: [serialNumber])
    }

    private func response(
        _ responses: [SingleResponse], by key: P256.Signing.PrivateKey,
        naming named: P256.Signing.PrivateKey? = nil,
        with certificates: [[UInt8]] = []
    ) throws -> BasicOCSPResponse {
        let data = ResponseData(
            responderKeyHash: KeyIdentifier.sha1(
                of: try SubjectPublicKey(.init((named ?? key).publicKey))),
            producedAt: try Self.time(0), responses: responses, nonce: nil, hasExtendedRevoked: false
        ).derBytes
        let signature = Array(try key.signature(for: data).derRepresentation)
        let octets = OCSPResponse.encoded(
            SignedObject.assemble(tbs: data, algorithm: .sha256WithECDSA, signature: signature),
            certificates: certificates)
        guard case .basic(let basic) = try OCSPResponse.read(derEncoded: octets) else {
            throw SyntaxFault(place: "response", problem: "is a failure")
        }
        return basic
    }

    private func single(
        _ status: CertificateStatus = .good, from begin: TimeInterval = -60, to end: TimeInterval? = 3600
    ) throws -> SingleResponse {
        SingleResponse(
            try named(), status, thisUpdate: try Self.time(begin), nextUpdate: try end.map(Self.time))
    }

    private func fault(_ response: BasicOCSPResponse) throws -> String? {
        do {
            _ = try OCSPVerification.verify(
                response, about: try named(), issuer: try certificate("CA", authorityKey),
                at: try Self.time(0))
            return nil
        } catch let fault as OCSPVerification.Fault { return fault.description }
    }

    @Test func `the authority and its responder sign`() throws {
        #expect(try fault(response([single()], by: authorityKey)) == nil)
        let delegate = try certificate("R", responderKey, Self.delegation())
        let accepted = try response([single()], by: responderKey, with: [delegate])
        #expect(try fault(accepted) == nil)
        let (found, signer) = try OCSPVerification.verify(
            accepted, about: named(), issuer: certificate("CA", authorityKey), at: Self.time(0))
        #expect(found.status == .good && signer == .responder(delegate))
        #expect(try fault(response([single(to: nil)], by: authorityKey)) == nil)
    }

    @Test func `a response by another signer is refused`() throws {
        let other = P256.Signing.PrivateKey()
        let delegate = try certificate("R", responderKey, Self.delegation())
        let cases: [(String, BasicOCSPResponse, String)] = [
            ("nothing verifies", try response([single()], by: other), "verifies its signature"),
            (
                "no delegation",
                try response([single()], by: responderKey, with: [certificate("R", responderKey)]),
                "does not permit OCSP signatures"
            ),
            (
                "another issuer",
                try response(
                    [single()], by: responderKey,
                    with: [certificate("R", responderKey, signedBy: other, Self.delegation())]),
                "is not signed by the issuer"
            ),
            (
                "ended",
                try response(
                    [single()], by: responderKey,
                    with: [certificate("R", responderKey, until: -3600, Self.delegation())]),
                "is not valid now"
            ),
            (
                "a critical extension of the responder",
                try response(
                    [single()], by: responderKey,
                    with: [
                        certificate(
                            "R", responderKey,
                            Self.delegation(.init(oid: [1, 2, 3], critical: true, value: [5, 0])))
                    ]), "critical extension that is not known"
            ),
            (
                "names another", try response([single()], by: responderKey, naming: other, with: [delegate]),
                "names another signer"
            ),
            (
                "names another authority", try response([single()], by: authorityKey, naming: other),
                "names another signer"
            ),
        ]
        for (name, response, expected) in cases {
            let found = try fault(response)
            #expect(found?.contains(expected) == true, "\(name): \(found ?? "accepted")")
        }
    }

    @Test func `a response that says nothing sure is refused`() throws {
        let cases: [(String, [SingleResponse], String)] = [
            (
                "of another certificate",
                [
                    SingleResponse(
                        try named(8), .good, thisUpdate: try Self.time(0), nextUpdate: try Self.time(9))
                ],
                "says nothing of the certificate"
            ),
            ("twice", [try single(), try single(.revoked(at: Self.time(-9), reason: 1))], "more than once"),
            ("ended", [try single(from: -7200, to: -3600)], "has ended"),
            ("in the future", [try single(from: 3600, to: 7200)], "begins in the future"),
            ("backwards", [try single(from: 0, to: -1)], "ends before it begins"),
            ("old, without an end", [try single(from: -100_000, to: nil)], "older than a day"),
        ]
        for (name, responses, expected) in cases {
            let found = try fault(response(responses, by: authorityKey))
            #expect(found?.contains(expected) == true, "\(name): \(found ?? "accepted")")
        }
    }
}
