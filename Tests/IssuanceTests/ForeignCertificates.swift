import Foundation
import PKIX
import SwiftASN1
import TestSupport
import Testing
import X509

/// Certificates that other programs made.
enum ForeignCertificates {
    static func defective() throws -> [[UInt8]] {
        [
            try signed(digest: "sha1"), try rewritten(time: .generalizedTime), try rewritten(version: 1),
            try selfSigned(["-newkey", "rsa:1024"]),
            // The algorithm in tbsCertificate differs from the one of the signature, which no library would
            // sign.
            try SignedObject.assemble(
                tbs: Array(CertificateFields(derEncoded: signed(digest: "sha256")).tbsCertificate),
                algorithm: .sha384WithRSA, signature: [UInt8](repeating: 0, count: 256)),
        ]
    }

    /// A certificate from `openssl req -x509`.
    static func selfSigned(_ arguments: [String]) throws -> [UInt8] {
        let pem = try Command.output(
            "openssl",
            ["req", "-x509", "-subj", "/CN=a.example", "-nodes", "-keyout", "/dev/null"] + arguments)
        return try PEM.decode(Array(pem.utf8), labels: ["CERTIFICATE"])[0]
    }

    /// A certificate signed by another key.
    /// - Parameter key: arguments of `openssl req -newkey` for the subject's key
    static func signed(
        digest: String, key: [String] = ["rsa:2048"], extensions: String = ""
    ) throws -> [UInt8] {
        let directory = try TemporaryDirectory()
        try directory.write("extensions", extensions)
        _ = try Command.output(
            "openssl",
            [
                "req", "-x509", "-subj", "/CN=Root", "-nodes", "-newkey", "rsa:2048", "-keyout",
                directory.path("root.key"), "-out", directory.path("root.pem"),
            ])
        _ = try Command.output(
            "openssl",
            [
                "req", "-new", "-subj", "/CN=a.example", "-nodes", "-keyout", directory.path("key"), "-out",
                directory.path("csr"), "-newkey",
            ] + key)
        let pem = try Command.output(
            "openssl",
            [
                "x509", "-req", "-in", directory.path("csr"), "-CA", directory.path("root.pem"), "-CAkey",
                directory.path("root.key"), "-CAcreateserial", "-\(digest)", "-extfile",
                directory.path("extensions"),
            ])
        return try PEM.decode(Array(pem.utf8), labels: ["CERTIFICATE"])[0]
    }

    /// A certificate of Signet with a time in the wrong form, or with another version.
    private static func rewritten(time: ASN1Identifier? = nil, version: UInt8 = 2) throws -> [UInt8] {
        let original = try selfSigned(["-newkey", "rsa:2048"])
        var serializer = DER.Serializer()
        let parts = try DER.sequence(
            DER.parse(CertificateFields(derEncoded: original).tbsCertificate), identifier: .sequence
        ) { nodes in
            var parts: [ASN1Node] = []
            while let node = nodes.next() { parts.append(node) }
            return parts
        }
        try serializer.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(
                Int(version), explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific)
            for (index, node) in parts.enumerated().dropFirst() {
                // version, serialNumber, signature, issuer, validity
                guard index == 4, time == .generalizedTime else {
                    coder.serialize(node)
                    continue
                }
                try coder.appendConstructedNode(identifier: .sequence) { validity in
                    for year in [2026, 2030] {
                        try validity.serialize(
                            GeneralizedTime(
                                year: year, month: 1, day: 1, hours: 0, minutes: 0, seconds: 0,
                                fractionalSeconds: 0))
                    }
                }
            }
        }
        return SignedObject.assemble(
            tbs: serializer.serializedBytes, algorithm: .sha256WithRSA,
            signature: [UInt8](repeating: 0, count: 256))
    }
}
