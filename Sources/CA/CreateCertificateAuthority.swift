public import Audit
public import Authorization
internal import Foundation
internal import Issuance
internal import JSON
internal import Logging
public import PKIX
public import Storage
internal import SwiftASN1
public import X509

/// A request for a new certificate authority.
public struct CreateCertificateAuthority: Authorizable {
    public static let action = Action.createCertificateAuthority
    public let resource = "*"

    public var kind: CertificateAuthorityRecord.Kind
    public var keyAlgorithm: KeyAlgorithm
    public var signingAlgorithm: SigningAlgorithm
    public var subject: SubjectAttributes
    /// What the CSR asks for beside being one of a certificate authority.
    public var requestedExtensions: [Certificate.Extension]
    public var usageMode: CertificateAuthorityRecord.UsageMode
    /// The API's name; nil when the request does not ask for one.
    public var keyStorageSecurityStandard: String?
    public var tags: Tags?
    public var idempotency: IdempotencyKey?

    public init(
        kind: CertificateAuthorityRecord.Kind, keyAlgorithm: KeyAlgorithm, signingAlgorithm: SigningAlgorithm,
        subject: SubjectAttributes, requestedExtensions: [Certificate.Extension] = [],
        usageMode: CertificateAuthorityRecord.UsageMode = .generalPurpose,
        keyStorageSecurityStandard: String? = nil, tags: Tags? = nil, idempotency: IdempotencyKey? = nil
    ) {
        self.kind = kind
        self.keyAlgorithm = keyAlgorithm
        self.signingAlgorithm = signingAlgorithm
        self.subject = subject
        self.requestedExtensions = requestedExtensions
        self.usageMode = usageMode
        self.keyStorageSecurityStandard = keyStorageSecurityStandard
        self.tags = tags
        self.idempotency = idempotency
    }

    public func conditionContext(at now: CivilTime) -> ConditionContext {
        tags?.conditionContext ?? ConditionContext()
    }
}

extension CertificateAuthorities {
    /// Makes the authority, its key pair on the token and its CSR. The authority is remembered before the
    /// token is asked, so that a key without an authority cannot come to be unseen; when a later step fails
    /// it is left FAILED.
    public func createCertificateAuthority(
        _ authorized: consuming Authorized<CreateCertificateAuthority>, call: APICall
    ) async throws(CAError) -> ARN {
        let request = authorized.request
        let (date, _) = try now()
        let claimKey = request.idempotency.map {
            $0.claimKey("CreateCertificateAuthority", authorized.principal.arn)
        }
        if let claimKey, let idempotency = request.idempotency,
            let earlier = try await earlierAnswer(claimKey, idempotency, at: date)
        {
            guard try await record(earlier).status != .creating else {
                throw .requestInProgress("the request with this IdempotencyToken is being worked on")
            }
            try await commit([
                .append(call.succeeded(statement: authorized.statement, response: Self.response(earlier)))
            ])
            return earlier
        }
        try check(request)
        let subject: DistinguishedName
        do { subject = try request.subject.distinguishedName() } catch {
            throw .invalidArguments("the Subject cannot be encoded: \(parseReason(error))")
        }
        guard !subject.namesNothing else {
            throw .invalidArguments("the Subject of a certificate authority must not be empty")
        }
        // Before there is a key: its certificate would be refused for its name.
        if let problem = NameLint.problem(in: subject) { throw .invalidArguments("the Subject \(problem)") }
        if let problem = NameLint.problem(in: request.requestedExtensions) {
            throw .invalidArguments("CsrExtensions: \(problem)")
        }

        let id = UUID().uuidString.lowercased()
        let arn = naming.certificateAuthority(id)
        var record = CertificateAuthorityRecord(
            id: id, kind: request.kind, status: .creating, createdAt: date, lastStateChangeAt: date,
            keyAlgorithm: request.keyAlgorithm, signingAlgorithm: request.signingAlgorithm,
            subject: request.subject,
            usageMode: request.usageMode, keyStorageSecurityStandard: request.keyStorageSecurityStandard,
            keyIdentifier: randomBytes(16), tags: request.tags?.values ?? [:])
        var claims: [Change] = [.insertCertificateAuthority(record)]
        if let claimKey, let idempotency = request.idempotency {
            claims.append(.claimIdempotency(idempotency.claim(claimKey, answer: arn, at: date)))
        }
        do { try await store.commit(claims) } catch { throw claimFailure(error, request.idempotency) }
        do {
            let generated = try await custody.generateKeyPair(
                request.keyAlgorithm, identifier: record.keyIdentifier, label: id,
                meeting: request.keyStorageSecurityStandard)
            var serializer = DER.Serializer()
            try serializer.serialize(generated.publicKey)
            var pinned = record
            pinned.subjectPublicKeyInfo = serializer.serializedBytes
            // What the key's token is declared to meet holds from now on for every token that signs with it.
            pinned.keyStorageSecurityStandard = generated.securityStandard
            pinned.revision += 1
            try await commit([
                .updateCertificateAuthority(pinned),
                .append(
                    .service(
                        "GenerateKeyPair", scope: naming.scope, time: clock(),
                        details: [
                            "certificateAuthorityArn": .string(arn.description),
                            "requestID": .string(call.requestID), "evidence": generated.evidence,
                        ])),
            ])
            // Only what is on disk counts as the record.
            record = pinned
            let (pending, outcome) = try await signRequest(
                record, subject: subject, publicKey: generated.publicKey,
                extensions: request.requestedExtensions, call: call)
            try await commit(
                outcome + [
                    .append(
                        call.succeeded(statement: authorized.statement, response: Self.response(arn)))
                ])
            record = pending
            return arn
        } catch {
            let cause = CAError(custody: error)
            record.status = .failed
            record.lastStateChangeAt = clock()
            record.revision += 1
            do {
                try await commit([
                    .updateCertificateAuthority(record), .releaseIdempotency(answer: arn.description),
                ])
            } catch {
                // The next start finds it.
                logger.error("authority left CREATING", metadata: ["id": "\(id)", "reason": "\(error)"])
            }
            throw cause
        }
    }

    private func check(_ request: CreateCertificateAuthority) throws(CAError) {
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

    /// Signs the authority's own CSR, with its intent on disk before. What is returned must be committed, with
    /// whatever else follows from it.
    func signRequest(
        _ record: CertificateAuthorityRecord, subject: DistinguishedName, publicKey: Certificate.PublicKey,
        extensions: [Certificate.Extension] = [], call: APICall
    ) async throws -> (record: CertificateAuthorityRecord, outcome: [Change]) {
        let arn = naming.certificateAuthority(record.id)
        let prepared = try Issuer.prepareCertificationRequest(
            subject: subject, publicKey: publicKey, signingAlgorithm: record.signingAlgorithm,
            extensions: extensions)
        let key = try await custody.signingKey(
            record.keyAlgorithm, identifier: record.keyIdentifier, publicKey: PinnedPublicKey(publicKey),
            meeting: record.keyStorageSecurityStandard,
            for: SigningClaim(claimant: call.principal?.description ?? ""))
        let intent = SignatureIntent(
            purpose: .certificationRequest, digest: prepared.digest, keyIdentifier: record.keyIdentifier,
            certificateAuthority: arn, serialNumber: nil, requestID: call.requestID, time: clock())
        let permit = try await RecordedIntent.recording(intent, scope: naming.scope, claiming: [], on: store)
        var record = record
        do {
            record.certificateSigningRequest = try await Issuer.sign(prepared, permit, with: key)
        } catch {
            try await commit([
                .closeIntent(id: intent.id),
                .append(intent.failed(scope: naming.scope, time: clock(), reason: "\(error)")),
            ])
            throw error
        }
        record.status = .pendingCertificate
        record.lastStateChangeAt = clock()
        record.revision += 1
        return (
            record,
            [
                .updateCertificateAuthority(record), .closeIntent(id: intent.id),
                .append(intent.signed(scope: naming.scope, time: clock())),
            ]
        )
    }

    private static func response(_ arn: ARN) -> JSONValue {
        ["certificateAuthorityArn": .string(arn.description)]
    }
}
