public import Audit
public import Authorization
internal import Foundation
internal import Identifiers
public import Issuance
internal import JSON
internal import PKIX
public import RecordKeeping
internal import Signing
public import Storage
internal import X509

/// Issues certificates.
public struct IssueCertificate: Sendable {
    let store: any Storage.CertificateStore
    let custody: any KeyCustody
    let cycle: SigningCycle
    let authorities: AuthorityLookup
    let issuers: IssuerLookup
    let keyOwners: KeyOwners
    let claims: ClaimLookup
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let randomBytes: RandomBytes

    /// Prepares and lints one certificate, records its intent, signs it and records its outcome. Returns only
    /// when the outcome is durable.
    /// - Parameter approved: the approved request. Its certificate is made again with the reserved serial
    ///   number and the time of the request, and must have the approved bytes
    public func callAsFunction(
        _ authorized: consuming Authorized<IssuanceRequest>, idempotency: IdempotencyKey?,
        approved: ApprovalRecord? = nil, call: APICall
    ) async throws(CAError) -> Audited<ARN> {
        let request = authorized.request
        let requester = authorized.principal.arn
        let statement = authorized.statement
        let record = try await authorities.record(request.certificateAuthority)
        let (date, civil) = try clock.civil()
        let claimKey = idempotency.map { $0.claimKey("IssueCertificate", requester) }
        if let claimKey, let idempotency,
            let earlier = try await claims.earlierAnswer(claimKey, idempotency, at: date)
        {
            try await checkIsIssued(earlier)
            return try await recorder.commit(
                [],
                answering: Answer(
                    earlier, to: call, allowedBy: statement, response: Self.response(earlier)))
        }
        let authority = try issuers.authority(record, for: request, at: date)
        try await keyOwners.checkIsFree(request)
        let (serialNumber, moment) = try plan(approved, at: civil)
        let serialText = hexadecimal(serialNumber)
        let arn = naming.certificate(serialText, of: record.id)

        let linted: LintedCertificate
        do {
            linted = try Issuer.prepare(
                authorized, by: authority, serialNumber: serialNumber, at: moment)
        } catch { throw .issuance(error) }
        if let approved {
            guard hexadecimal(linted.digest) == approved.digest else {
                throw .invalidState(
                    "what officers approved cannot be made any more: the authority or its templates have changed; ask again"
                )
            }
        }
        let key = try await signingKey(record, authority, SigningPriority(source: requester.description))
        // The serial number of an approved request is reserved already.
        var firstChanges: [Change] =
            approved != nil
            ? []
            : [
                .reserveSerialNumber(
                    CertificateRecord(
                        serialNumber: serialText, certificateAuthority: record.id, status: .reserved,
                        templateARN: linted.templateARN, requester: requester.description, requestedAt: date,
                        notAfter: Date(timeIntervalSince1970: TimeInterval(linted.notAfter.secondsSinceEpoch))
                    ))
            ]
        if let claimKey, let idempotency {
            firstChanges.append(.claimIdempotency(idempotency.claim(claimKey, answer: arn, at: date)))
        }
        let steps = IssuanceSteps(
            claims: firstChanges, serialNumber: serialText, certificate: arn,
            details: IssuanceDetails(
                tbsCertificate: linted.tbsCertificate, serialNumber: serialNumber,
                issuer: linted.issuer, subject: linted.subject, notBefore: linted.notBefore,
                notAfter: linted.notAfter, templateARN: linted.templateARN,
                ignored: linted.ignored, certificateAuthority: request.certificateAuthority, certificate: arn,
                requester: requester, signingAlgorithm: request.signingAlgorithm),
            scope: naming.scope)
        do throws(SigningFailure) {
            return try await cycle.sign(
                linted, with: key, of: request.certificateAuthority, serialNumber: serialText, steps,
                answering: Answer(
                    arn, to: call, allowedBy: statement, response: Self.response(arn)))
        } catch {
            if case .intent(let refusal) = error { throw claims.failure(refusal, idempotency) }
            throw CAError(signing: error)
        }
    }

    /// A repeated request also needs a durable outcome: the first one may still be in progress.
    private func checkIsIssued(_ arn: ARN) async throws(CAError) {
        let record: CertificateRecord?
        do { record = try await store.certificate(serialNumber: String(arn.resource.suffix(32))) } catch {
            throw .storage(error)
        }
        guard case .issued = record?.status else {
            throw .requestInProgress("the request with this IdempotencyToken is being worked on")
        }
    }

    private static func response(_ arn: ARN) -> JSONValue { ["certificateArn": .string(arn.description)] }

    /// The serial number of the certificate and its time of issuance.
    private func plan(
        _ approved: ApprovalRecord?, at now: CivilTime
    ) throws(CAError) -> (serialNumber: [UInt8], moment: CivilTime) {
        guard let approved else { return (randomBytes(16), now) }
        guard let serialNumber = approved.serialNumber.flatMap({ octets(hexadecimal: $0) }),
            let moment = CivilTime(
                secondsSinceEpoch: Int64(approved.createdAt.timeIntervalSince1970.rounded(.down)))
        else { throw .storage(.corrupt("the approval \(approved.id)")) }
        return (serialNumber, moment)
    }

    private func signingKey(
        _ record: CertificateAuthorityRecord, _ authority: IssuingAuthority, _ priority: SigningPriority
    ) async throws(CAError) -> SigningKey {
        let reference = KeyReference(
            record.keyAlgorithm, identifier: record.keyIdentifier, publicKey: authority.subjectPublicKey,
            securityStandard: record.keyStorageSecurityStandard)
        do { return try await custody.signingKey(reference, priority) } catch {
            throw CAError(custody: error)
        }
    }
}

/// The changes committed before and after a certificate is signed.
private struct IssuanceSteps: SigningSteps {
    let claims: [Change]
    let serialNumber: String
    let certificate: ARN
    let details: IssuanceDetails
    let scope: AuditScope

    func changes(signed der: [UInt8], _ intent: SignatureIntent, at time: Date) -> [Change] {
        let outcome = details.event(intent: intent, certificate: der, scope: scope, time: time)
        return [.concludeCertificate(serialNumber: serialNumber, .issued(der), outcome: outcome)]
    }

    func changes(failed outcome: AuditEvent) -> [Change] {
        [
            .concludeCertificate(
                serialNumber: serialNumber, .failed(reason: "the token did not make the signature"),
                outcome: outcome),
            .releaseIdempotency(answer: certificate.description),
        ]
    }
}
