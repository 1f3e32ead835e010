import Audit
import Authorization
import Crypto
import Foundation
import Issuance
import JSON
import PKIX
import SwiftASN1
import Synchronization
import TestSupport
import Testing
import X509

/// An authority with a key in memory, for what is pure: no token, no database.
struct Workbench {
    static let now = moment(1_800_000_000)
    static let arn = ARN(
        partition: "aws", service: "acm-pca", region: "us-local-1", account: "000000000000",
        resource: "certificate-authority/one")
    static let endEntity = "arn:aws:acm-pca:::template/EndEntityCertificate/V1"
    static let subordinate = "arn:aws:acm-pca:::template/SubordinateCACertificate_PathLen0/V1"
    static let root = "arn:aws:acm-pca:::template/RootCACertificate/V1"
    static let serialNumber: [UInt8] = [0xF0] + [UInt8](repeating: 0x11, count: 15)
    var catalog = TemplateCatalog(
        partition: "aws", region: "us-local-1", account: "000000000000", own: [])
    static let peer = Peer(pid: 1, uid: 1, gid: 1)
    static let scope = AuditScope(account: "000000000000", region: "us-local-1")

    /// A moment of this millennium.
    static func moment(_ seconds: Int64) -> CivilTime {
        guard let time = CivilTime(secondsSinceEpoch: seconds) else { preconditionFailure("no such moment") }
        return time
    }

    let key: P256.Signing.PrivateKey
    let name: DistinguishedName
    let authority: IssuingAuthority
    var signingKey: SigningKey {
        SigningKey(
            identifier: [1], publicKey: PinnedPublicKey(.init(key.publicKey)), privateKey: .init(key))
    }

    /// - Parameter pathLength: of the authority's own certificate
    /// - Parameter extensions: of the authority's own certificate, beside its basic constraints
    init(
        pathLength: Int? = nil, days: Int = 3650, longestValidity: Int64? = nil,
        ancestors: [Certificate] = [], extensions: [Certificate.Extension] = [],
        backdate: Int64 = IssuingAuthority.defaultBackdate, longestNotBefore: Int64? = nil
    ) throws {
        key = P256.Signing.PrivateKey()
        name = try DistinguishedName { CommonName("Workbench") }
        let start = Date(timeIntervalSince1970: TimeInterval(Self.now.secondsSinceEpoch - 86_400))
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(key.publicKey), notValidBefore: start,
            notValidAfter: start.addingTimeInterval(TimeInterval(days) * 86_400), issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions(
                [.init(BasicConstraints.isCertificateAuthority(maxPathLength: pathLength), critical: true)]
                    + extensions),
            issuerPrivateKey: .init(key))
        var serializer = DER.Serializer()
        try serializer.serialize(name)
        authority = IssuingAuthority(
            arn: Self.arn, isRoot: true, keyAlgorithm: .ecPrime256v1, publicKey: .init(key.publicKey),
            subject: serializer.serializedBytes, certificate: certificate, ancestors: ancestors,
            longestValidity: longestValidity, backdate: backdate, longestNotBefore: longestNotBefore)
    }

    /// The authority's own request.
    func ownRequest() throws -> String {
        let request = try CertificateSigningRequest(
            version: .v1, subject: name, privateKey: .init(key), attributes: .init(),
            signatureAlgorithm: .ecdsaWithSHA256)
        return try request.serializeAsPEM().pemString
    }

    func request(
        csr: String, template: String = endEntity, signing: SigningAlgorithm = .sha256WithECDSA,
        validity: Validity = Validity(value: 30, unit: .days), notBefore: Validity? = nil
    ) -> IssuanceRequest {
        IssuanceRequest(
            certificateAuthority: Self.arn, certificateSigningRequest: Array(csr.utf8),
            signingAlgorithm: signing,
            templateARN: template, validity: validity, notBefore: notBefore, catalog: catalog)
    }

    /// Prepares a request that a policy allowed.
    func prepare(_ request: IssuanceRequest) throws -> LintedCertificate {
        let policy = try Policy(
            identityPolicy: ["Statement": ["Effect": "Allow", "Action": "*", "Resource": "*"]], name: "p")
        let principal = Principal(
            arn: ARN(
                partition: "aws", service: "iam", region: "", account: "000000000000", resource: "role/r"),
            policies: [policy])
        let authorizer = Authorizer(
            Rulebook(principals: PrincipalMap([.init(Binding(uid: 1), principal)])))
        let authorized = try authorizer.authorize(request, from: Self.peer)
        return try Issuer.prepare(
            authorized, by: authority, serialNumber: Self.serialNumber, at: Self.now)
    }

    func intent(digest: [UInt8], key identifier: [UInt8] = [1]) -> SignatureIntent {
        SignatureIntent(
            purpose: .certificate, digest: digest, keyIdentifier: identifier, certificateAuthority: Self.arn,
            serialNumber: nil, requestID: "r", time: Date())
    }
}

/// Keeps intents in memory.
final class MemoryRecorder: IntentRecorder {
    let intents = Mutex<[SignatureIntent]>([])

    func record(_ intent: SignatureIntent, event: AuditEvent, claiming: [Never]) async throws(Never) {
        intents.withLock { $0.append(intent) }
    }
}
