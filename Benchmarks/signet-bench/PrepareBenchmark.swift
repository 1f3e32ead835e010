internal import ArgumentParser
internal import Authorization
internal import Crypto
internal import Foundation
internal import Issuance
internal import JSON
internal import PKIX
internal import SwiftASN1
internal import X509

/// Processor time, of one thread: what stands between a request and its signature, and what checking that
/// costs.
struct PrepareBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Preparing and linting a certificate, and verifying a signature, in microseconds of CPU.")

    @Option(help: "A PEM file with the request.") var csr: String
    @Option var count = 3000

    func run() throws {
        let key = P256.Signing.PrivateKey()
        let authority = try Self.authority(key)
        let catalog = TemplateCatalog(
            partition: "aws", region: "us-local-1", account: "000000000000", own: [])
        let pem = Array(try Data(contentsOf: URL(fileURLWithPath: csr)))
        func request() -> IssuanceRequest {
            IssuanceRequest(
                certificateAuthority: authority.arn, certificateSigningRequest: pem,
                signingAlgorithm: .sha256WithECDSA, templateARN: catalog.defaultARN,
                validity: Validity(value: 30, unit: .days), catalog: catalog)
        }
        let parsed = request()
        let authorizer = try Self.authorizer()
        let peer = Peer(pid: 1, uid: 1, gid: 1)
        guard let now = CivilTime(secondsSinceEpoch: Int64(Date().timeIntervalSince1970)) else {
            throw ValidationError("the clock is out of range")
        }
        let serial: [UInt8] = (0..<16).map { _ in UInt8.random(in: 1...255) }
        var tbs: [UInt8] = []
        let prepare = try microseconds {
            let linted = try Issuer.prepare(
                try authorizer.authorize(request(), from: .process(peer)), by: authority,
                serialNumber: serial, at: now)
            tbs = linted.tbsCertificate
        }
        let signature = try key.signature(for: tbs)
        let verify = try microseconds {
            guard key.publicKey.isValidSignature(signature, for: tbs) else {
                throw ValidationError("a signature did not verify")
            }
        }
        let authorize = try microseconds {
            _ = try authorizer.authorize(parsed, from: .process(peer)).statement
        }
        print("{\"prepare\": \(prepare - authorize), \"verify\": \(verify)}")
    }

    /// Of CPU, per call.
    private func microseconds(_ body: () throws -> Void) throws -> Double {
        for _ in 0..<(count / 10) { try body() }
        let start = clock()
        for _ in 0..<count { try body() }
        return Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1e6 / Double(count)
    }

    private static func authority(_ key: P256.Signing.PrivateKey) throws -> IssuingAuthority {
        let name = try DistinguishedName { CommonName("Benchmark") }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey),
            notValidBefore: Date() - 86_400, notValidAfter: Date() + 365 * 86_400, issuer: name,
            subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
            },
            issuerPrivateKey: .init(key))
        var serializer = DER.Serializer()
        try serializer.serialize(name)
        return IssuingAuthority(
            arn: ARN(
                partition: "aws", service: "acm-pca", region: "us-local-1", account: "000000000000",
                resource: "certificate-authority/benchmark"),
            isRoot: true, keyAlgorithm: .ecPrime256v1, publicKey: try SubjectPublicKey(.init(key.publicKey)),
            subject: serializer.serializedBytes, certificate: certificate, ancestors: [],
            longestValidity: nil)
    }

    private static func authorizer() throws -> Authorizer {
        let policy = try Policy(
            identityPolicy: ["Statement": ["Effect": "Allow", "Action": "*", "Resource": "*"]],
            name: "benchmark")
        let principal = Principal(
            arn: ARN(
                partition: "aws", service: "iam", region: "", account: "000000000000",
                resource: "role/benchmark"), policies: [policy])
        return Authorizer(
            Rulebook(principals: PrincipalMap([.init(Binding(uid: 1), principal)])))
    }
}
