public import Approvals
public import Audit
public import Authorization
internal import Crypto
internal import Foundation
internal import Identifiers
public import Issuance
internal import JSON
internal import PKIX
public import RecordKeeping
internal import Storage

/// Keeps a request for a certificate until officers approve it.
public struct RequestCertificateApproval: Sendable {
    let store: any ApprovalStore
    let authorities: AuthorityLookup
    let issuers: IssuerLookup
    let keyOwners: KeyOwners
    let claims: ClaimLookup
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let randomBytes: RandomBytes
    /// Seconds that a request waits for officers.
    let lifetime: TimeInterval

    /// Prepares a certificate and stores the request for officers. Returns the ARN of the future certificate.
    public func callAsFunction(
        of request: IssuanceRequest, _ waiting: WaitingRequest, idempotency: IdempotencyKey?, call: APICall
    ) async throws(CAError) -> Audited<ARN> {
        let record = try await authorities.record(request.certificateAuthority)
        let (date, civil) = try clock.civil()
        let requester = waiting.requester.principal.arn
        let claimKey = idempotency.map { $0.claimKey("IssueCertificate", requester) }
        if let claimKey, let idempotency,
            let earlier = try await claims.earlierAnswer(claimKey, idempotency, at: date)
        {
            return try await recorder.commit([], answering: Self.answer(earlier, to: call))
        }
        try await requireRoom(for: waiting)
        let authority = try issuers.authority(record, for: request, at: date)
        try await keyOwners.checkIsFree(request)
        let serialNumber = randomBytes(16)
        let serialText = hexadecimal(serialNumber)
        let preview: CertificatePreview
        do {
            preview = try Issuer.preview(request, by: authority, serialNumber: serialNumber, at: civil)
        } catch { throw .issuance(error) }
        let arn = naming.certificate(serialText, of: record.id)
        let approval = try waiting.approval(
            about: request.resource, content: Data(preview.tbsCertificate),
            serialNumber: serialText, at: date, lifetime: lifetime)
        var changes: [Change] = [
            .reserveSerialNumber(
                CertificateRecord(
                    serialNumber: serialText, certificateAuthority: record.id, status: .reserved,
                    templateARN: request.templateARN, requester: requester.description, requestedAt: date,
                    notAfter: Date(
                        timeIntervalSince1970: TimeInterval(preview.notAfter.secondsSinceEpoch)))),
            .insertApproval(approval, within: WaitingRequest.mostWaiting),
        ]
        if let claimKey, let idempotency {
            changes.append(.claimIdempotency(idempotency.claim(claimKey, answer: arn, at: date)))
        }
        do throws(StorageError) {
            return try await recorder.commits.commit(
                changes, answering: Self.answer(arn, to: call, waitingFor: approval))
        } catch { throw claims.failure(error, idempotency) }
    }

    /// Refuses a request beyond the principal's limit before a certificate is prepared for it. The
    /// transaction that stores the request checks the limit again, because other requests may have come
    /// meanwhile and the certificate's size counts too.
    private func requireRoom(for waiting: WaitingRequest) async throws(CAError) {
        let pending: PendingApprovals
        do {
            pending = try await store.pendingApprovals(
                requester: waiting.requester.principal.arn.description)
        } catch { throw .storage(error) }
        guard pending.leaveRoom(for: waiting.input.encoded().count, within: WaitingRequest.mostWaiting) else {
            throw .storage(.approvalsExceeded(WaitingRequest.mostWaiting))
        }
    }

    /// The answer to a request for a certificate that waits for officers.
    /// - Parameter approval: nil for a repeated request
    private static func answer(
        _ certificate: ARN, to call: APICall, waitingFor approval: ApprovalRecord? = nil
    ) -> Answer<ARN> {
        var response: JSONObject = ["certificateArn": .string(certificate.description)]
        if let approval {
            response["approvalRequest"] = [
                "id": .string(approval.id), "digest": .string(approval.digest),
                "needed": .integer(Int64(approval.needed)),
                "expiresAt": .string(approval.expiresAt.formatted(.iso8601)),
            ]
        }
        return Answer(certificate, to: call, allowedBy: "approval", response: .object(response))
    }
}
