import Audit
import Authorization
import Crypto
import Foundation
import InMemoryStorage
import Issuance
import JSON
import PKIX
import Signing
import SoftwareKeys
import Storage
import SwiftASN1
import Synchronization
import TestSupport
import Testing
import X509

/// An authority with a key in memory, for tests without a token or a database.
struct TestAuthority {
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
    static let caller = Caller.process(Peer(pid: 1, uid: 1, gid: 1))
    static let scope = AuditScope(account: "000000000000", region: "us-local-1")

    /// A time after 2000.
    static func moment(_ seconds: Int64) -> CivilTime {
        guard let time = CivilTime(secondsSinceEpoch: seconds) else { preconditionFailure("no such moment") }
        return time
    }

    let key: P256.Signing.PrivateKey
    let name: DistinguishedName
    let authority: IssuingAuthority
    let custody = SoftwareCustody()

    /// - Parameter pathLength: of the authority's own certificate
    /// - Parameter extensions: of the authority's own certificate, beside its basic constraints
    init(
        pathLength: Int? = nil, days: Int = 3650, longestValidity: Int64? = nil,
        ancestors: [Certificate] = [], extensions: [Certificate.Extension] = [],
        backdate: Int64 = IssuingAuthority.defaultBackdate, longestNotBefore: Int64? = nil
    ) throws {
        key = P256.Signing.PrivateKey()
        name = try DistinguishedName { CommonName("TestAuthority") }
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
            arn: Self.arn, isRoot: true, keyAlgorithm: .ecPrime256v1,
            publicKey: try custody.add(.init(key), identifier: [1]),
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

    /// Authorizes and prepares a request.
    func prepare(_ request: IssuanceRequest) throws -> LintedCertificate {
        let policy = try Policy(
            identityPolicy: ["Statement": ["Effect": "Allow", "Action": "*", "Resource": "*"]], name: "p")
        let principal = Principal(
            arn: ARN(
                partition: "aws", service: "iam", region: "", account: "000000000000", resource: "role/r"),
            policies: [policy])
        let authorizer = Authorizer(
            Rulebook(principals: PrincipalMap([.init(Binding(uid: 1), principal)])))
        let authorized = try authorizer.authorize(request, from: Self.caller)
        return try Issuer.prepare(
            authorized, by: authority, serialNumber: Self.serialNumber, at: Self.now)
    }

    /// The authority's key.
    var signingKey: SigningKey {
        get async throws {
            try await custody.signingKey(
                KeyReference(
                    .ecPrime256v1, identifier: [1], publicKey: authority.subjectPublicKey,
                    securityStandard: nil), .daemon)
        }
    }

    /// Signs a certificate as the daemon does, and returns its DER.
    func sign(
        _ certificate: consuming LintedCertificate, with key: SigningKey? = nil,
        on store: InMemoryStore = InMemoryStore()
    ) async throws -> [UInt8] {
        let call = APICall(
            requestID: timeOrderedUUID(), operation: "IssueCertificate", time: Date(), scope: Self.scope,
            caller: Self.caller, principal: nil, userAgent: nil, policyDigest: "", parameters: .null)
        let steps = CapturingSteps()
        let signingKey = if let key { key } else { try await signingKey }
        let cycle = SigningCycle(store: store, scope: Self.scope) { Date() }
        let audited = try await cycle.sign(
            certificate, with: signingKey, of: Self.arn, steps,
            answering: Answer((), to: call, allowedBy: "s"))
        audited.take()
        return steps.signed.withLock { $0 }
    }
}

/// Captures the signed DER, and changes nothing.
final class CapturingSteps: SigningSteps {
    let signed = Mutex<[UInt8]>([])

    var claims: [Change] { [] }

    func changes(signed der: [UInt8], _ intent: SignatureIntent, at time: Date) -> [Change] {
        signed.withLock { $0 = der }
        return [.append(intent.signed(scope: TestAuthority.scope, time: time))]
    }

    func changes(failed outcome: AuditEvent) -> [Change] { [.append(outcome)] }
}
