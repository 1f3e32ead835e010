public import Audit
public import Authorization
internal import Foundation
internal import Issuance
internal import JSON
internal import Logging
public import PKIX
public import RecordKeeping
internal import Signing
public import Storage
public import X509

/// Creates an authority.
public struct CreateCertificateAuthority: Sendable {
    let custody: any KeyCustody
    let creation: AuthorityCreation
    let claims: ClaimLookup
    let authorities: AuthorityLookup
    let recorder: Recorder
    let naming: ARNNaming
    let revocation: RevocationSettings
    let clock: Clock
    let randomBytes: RandomBytes

    /// A request for a new certificate authority.
    public struct Request: Authorizable {
        public static let action = Action.createCertificateAuthority
        public let resource = "*"

        public var kind: CertificateAuthorityRecord.Kind
        public var keyAlgorithm: KeyAlgorithm
        public var signingAlgorithm: SigningAlgorithm
        public var subject: SubjectAttributes
        /// Extensions of the CSR in addition to those of every authority's CSR.
        public var requestedExtensions: [Certificate.Extension]
        public var usageMode: CertificateAuthorityRecord.UsageMode
        /// The API's name; nil when the request has none.
        public var keyStorageSecurityStandard: String?
        public var tags: Tags?
        public var revocation: RevocationConfiguration
        public var idempotency: IdempotencyKey?

        public init(
            kind: CertificateAuthorityRecord.Kind, keyAlgorithm: KeyAlgorithm,
            signingAlgorithm: SigningAlgorithm,
            subject: SubjectAttributes, requestedExtensions: [Certificate.Extension] = [],
            usageMode: CertificateAuthorityRecord.UsageMode = .generalPurpose,
            keyStorageSecurityStandard: String? = nil, tags: Tags? = nil,
            revocation: RevocationConfiguration = RevocationConfiguration(),
            idempotency: IdempotencyKey? = nil
        ) {
            self.kind = kind
            self.keyAlgorithm = keyAlgorithm
            self.signingAlgorithm = signingAlgorithm
            self.subject = subject
            self.requestedExtensions = requestedExtensions
            self.usageMode = usageMode
            self.keyStorageSecurityStandard = keyStorageSecurityStandard
            self.tags = tags
            self.revocation = revocation
            self.idempotency = idempotency
        }

        public func conditionContext(at now: CivilTime) -> ConditionContext {
            tags?.conditionContext ?? ConditionContext()
        }
    }

    /// Creates the authority, its key pair on the token and its CSR. The authority is stored before the token
    /// generates a key, so that no key exists without a record. If a later step fails, the authority is left
    /// FAILED.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<ARN> {
        let request = authorized.request
        let (date, _) = try clock.civil()
        let claimKey = request.idempotency.map {
            $0.claimKey("CreateCertificateAuthority", authorized.principal.arn)
        }
        if let claimKey, let idempotency = request.idempotency,
            let earlier = try await claims.earlierAnswer(claimKey, idempotency, at: date)
        {
            guard try await authorities.record(earlier).status != .creating else {
                throw .requestInProgress("the request with this IdempotencyToken is being worked on")
            }
            return try await recorder.commit(
                [],
                answering: Answer(
                    earlier, to: call, allowedBy: authorized.statement, response: Self.response(earlier)))
        }
        try check(request)
        try request.revocation.check(revocation)
        let subject: DistinguishedName
        do { subject = try request.subject.distinguishedName() } catch {
            throw .invalidArguments("the Subject cannot be encoded: \(parseReason(error))")
        }
        guard !subject.hasNoAttribute else {
            throw .invalidArguments("the Subject of a certificate authority must not be empty")
        }
        // Checked before a key is generated, because the lints would refuse a certificate with this name.
        if let problem = NameLint.problem(in: subject) { throw .invalidArguments("the Subject \(problem)") }
        if let problem = NameLint.problem(in: request.requestedExtensions) {
            throw .invalidArguments("CsrExtensions: \(problem)")
        }

        let id = UUID().uuidString.lowercased()
        var configuration = request.revocation
        try configuration.divide(listOf: id, revocation)
        let arn = naming.certificateAuthority(id)
        var record = CertificateAuthorityRecord(
            id: id, kind: request.kind, status: .creating, createdAt: date, lastStateChangeAt: date,
            keyAlgorithm: request.keyAlgorithm, signingAlgorithm: request.signingAlgorithm,
            subject: request.subject,
            usageMode: request.usageMode, keyStorageSecurityStandard: request.keyStorageSecurityStandard,
            keyIdentifier: randomBytes(16), tags: request.tags?.values ?? [:],
            revocation: configuration)
        var firstChanges: [Change] = [.insertCertificateAuthority(record)]
        if let claimKey, let idempotency = request.idempotency {
            firstChanges.append(.claimIdempotency(idempotency.claim(claimKey, answer: arn, at: date)))
        }
        do throws(StorageError) { try await recorder.commits.commit(firstChanges) } catch {
            throw claims.failure(error, request.idempotency)
        }
        do {
            let generated = try await custody.generateKeyPair(
                request.keyAlgorithm, identifier: record.keyIdentifier, label: id,
                meeting: request.keyStorageSecurityStandard)
            var pinned = record
            pinned.subjectPublicKeyInfo = generated.publicKey.derBytes
            // From now on the key signs only on tokens that are declared to meet the same standard.
            pinned.keyStorageSecurityStandard = generated.securityStandard
            try await recorder.commit([
                .updateCertificateAuthority(pinned),
                .append(
                    .service(
                        .generateKeyPair, scope: naming.scope, time: clock.now(),
                        details: [
                            "certificateAuthorityArn": .string(arn.description),
                            "requestID": .string(call.requestID), "evidence": generated.evidence,
                        ])),
            ])
            // `record` changes only after the commit, so that it equals the stored record.
            record = pinned.updated()
            return try await creation.signRequest(
                record, subject: subject, publicKey: generated.publicKey,
                extensions: request.requestedExtensions,
                answering: Answer(
                    arn, to: call, allowedBy: authorized.statement, response: Self.response(arn))
            ) { (record) throws(IllegalStateChange) in try record.awaitCertificate(at: date) }
        } catch {
            await creation.leaveFailed(record)
            throw CAError(custody: error)
        }
    }

    private func check(_ request: Request) throws(CAError) {
        guard request.signingAlgorithm.family == request.keyAlgorithm.family else {
            throw .issuance(.signingAlgorithmDoesNotFit(request.signingAlgorithm, request.keyAlgorithm))
        }
        guard custody.makesKeys else {
            throw .invalidState(
                "Keys are made in ceremonies here: hold one with `signet-token ceremony`, and adopt its certificate"
            )
        }
        let declared = custody.securityStandards
        if let standard = request.keyStorageSecurityStandard, !declared.contains(standard) {
            throw .invalidArguments(
                "A certificate authority cannot be created in this region with the specified security standard. "
                    + "The tokens are declared to meet: \(declared.isEmpty ? "none" : declared.sorted().joined(separator: ", "))"
            )
        }
    }

    private static func response(_ arn: ARN) -> JSONValue {
        ["certificateAuthorityArn": .string(arn.description)]
    }
}
