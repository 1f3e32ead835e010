public import Audit
public import Authorization
internal import Foundation
internal import Identifiers
public import Issuance
internal import JSON
internal import PKIX
public import Storage
internal import X509

extension CertificateAuthorities {
    /// Issues one certificate: prepared and linted, its intent recorded, signed, its outcome recorded. The
    /// answer leaves only when the outcome is durable.
    /// - Parameter approved: what officers approved: it is made again, under the number and at the time it had, and must
    ///   come to the same bytes
    public func issueCertificate(
        _ authorized: consuming Authorized<IssuanceRequest>, idempotency: IdempotencyKey?,
        approved: ApprovalRecord? = nil, call: APICall
    ) async throws(CAError) -> ARN {
        let request = authorized.request
        let requester = authorized.principal.arn
        let statement = authorized.statement
        let record = try await record(request.certificateAuthority)
        let (date, civil) = try now()
        let claimKey = idempotency.map { $0.claimKey("IssueCertificate", requester) }
        if let claimKey, let idempotency,
            let earlier = try await earlierAnswer(claimKey, idempotency, at: date)
        {
            try await checkIsIssued(earlier)
            try await commit([.append(call.succeeded(statement: statement, response: Self.response(earlier)))]
            )
            return earlier
        }
        let authority = try issuingAuthority(record, for: request, at: date)
        try await checkKeyIsFree(request)
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
        let key = try await signingKey(
            record, authority, for: SigningClaim(claimant: requester.description))
        let details = IssuanceDetails(
            tbsCertificate: linted.tbsCertificate, serialNumber: serialNumber,
            issuer: linted.issuer, subject: linted.subject, notBefore: linted.notBefore,
            notAfter: linted.notAfter, templateARN: linted.templateARN,
            ignored: linted.ignored, certificateAuthority: request.certificateAuthority, certificate: arn,
            requester: requester,
            signingAlgorithm: request.signingAlgorithm)
        let intent = SignatureIntent(
            purpose: .certificate, digest: linted.digest, keyIdentifier: record.keyIdentifier,
            certificateAuthority: request.certificateAuthority, serialNumber: serialText,
            requestID: call.requestID, time: date)
        // What was approved has its number already.
        var claims: [Change] =
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
            claims.append(.claimIdempotency(idempotency.claim(claimKey, answer: arn, at: date)))
        }
        let permit: RecordedIntent
        do {
            permit = try await RecordedIntent.recording(
                intent, scope: naming.scope, claiming: claims, on: store)
        } catch { throw claimFailure(error, idempotency) }

        let certificate: [UInt8]
        do {
            certificate = try await Issuer.sign(linted, permit, with: key)
        } catch {
            let reason = "the token did not make the signature"
            try await commit([
                .concludeCertificate(
                    serialNumber: serialText, .failed(reason: reason),
                    outcome: intent.failed(scope: naming.scope, time: clock(), reason: "\(error)")),
                .closeIntent(id: intent.id),
                .releaseIdempotency(answer: arn.description),
            ])
            throw CAError(custody: error)
        }
        try await commit([
            .concludeCertificate(
                serialNumber: serialText, .issued(certificate),
                outcome: details.event(
                    intent: intent, certificate: certificate, scope: naming.scope, time: clock())),
            .closeIntent(id: intent.id),
            .append(call.succeeded(statement: statement, response: Self.response(arn))),
        ])
        return arn
    }

    /// No answer without a durable outcome, for a repetition too: the first request may still be at the
    /// token.
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

    /// The number a certificate gets, and the time it is issued at.
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

    func issuingAuthority(
        _ record: CertificateAuthorityRecord, for request: IssuanceRequest, at now: Date
    ) throws(CAError) -> IssuingAuthority {
        let refusal = CAError.invalidState(
            "The certificate authority is not in a valid state for issuing certificates")
        guard record.status == .active || record.status == .pendingCertificate else { throw refusal }
        let authority = try issuingAuthority(record)
        if record.status == .active, let certificate = authority.certificate,
            // RFC 5280, section 4.1.2.5: the second of notAfter belongs to it.
            certificate.notValidAfter.addingTimeInterval(1) > now
        {
            return authority
        }
        // The way a root comes to be: it signs its own CSR before it has a certificate. An expired one does
        // so again.
        guard record.kind == .root, (try? request.template.get())?.role == .selfSignedAuthority else {
            throw refusal
        }
        return authority
    }

    private func signingKey(
        _ record: CertificateAuthorityRecord, _ authority: IssuingAuthority, for claim: SigningClaim
    ) async throws(CAError) -> SigningKey {
        do {
            return try await custody.signingKey(
                record.keyAlgorithm, identifier: record.keyIdentifier, publicKey: authority.pinnedKey,
                meeting: record.keyStorageSecurityStandard, for: claim)
        } catch { throw CAError(custody: error) }
    }
}
