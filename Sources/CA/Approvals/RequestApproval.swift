public import Audit
public import Authorization
internal import Crypto
public import Foundation
internal import Identifiers
public import Issuance
internal import JSON
internal import PKIX
public import Storage

/// A request as it is kept while it waits for officers.
public struct WaitingRequest: Sendable {
    /// The operation's `X-Amz-Target`.
    public let target: String
    /// Its input, as it came.
    public let body: Data
    public let requester: Requester
    /// How many officers must approve.
    public let needed: Int

    public init(target: String, body: Data, requester: Requester, needed: Int) {
        self.target = target
        self.body = body
        self.requester = requester
        self.needed = needed
    }
}

extension CertificateAuthorities {
    /// Prepares a certificate and keeps it for officers to look at: its ARN, under which it will be found once it is issued.
    public func requestApproval(
        of request: IssuanceRequest, _ waiting: WaitingRequest, idempotency: IdempotencyKey?, call: APICall
    ) async throws(CAError) -> Audited<ARN> {
        let record = try await record(request.certificateAuthority)
        let (date, civil) = try now()
        let requester = waiting.requester.principal.arn
        let claimKey = idempotency.map { $0.claimKey("IssueCertificate", requester) }
        if let claimKey, let idempotency,
            let earlier = try await earlierAnswer(claimKey, idempotency, at: date)
        {
            return try await commit([], answering: Self.answer(earlier, to: call))
        }
        try await requireRoom(for: waiting)
        let authority = try issuingAuthority(record, for: request, at: date)
        try await checkKeyIsFree(request)
        let serialNumber = randomBytes(16)
        let serialText = hexadecimal(serialNumber)
        let preview: CertificatePreview
        do {
            preview = try Issuer.preview(request, by: authority, serialNumber: serialNumber, at: civil)
        } catch { throw .issuance(error) }
        let arn = naming.certificate(serialText, of: record.id)
        let approval = try approvalRecord(
            waiting, about: request.resource, content: Data(preview.tbsCertificate),
            serialNumber: serialText, at: date)
        var changes: [Change] = [
            .reserveSerialNumber(
                CertificateRecord(
                    serialNumber: serialText, certificateAuthority: record.id, status: .reserved,
                    templateARN: request.templateARN, requester: requester.description, requestedAt: date,
                    notAfter: Date(
                        timeIntervalSince1970: TimeInterval(preview.notAfter.secondsSinceEpoch)))),
            .insertApproval(approval, within: Self.mostWaiting),
        ]
        if let claimKey, let idempotency {
            changes.append(.claimIdempotency(idempotency.claim(claimKey, answer: arn, at: date)))
        }
        do {
            return try await store.commit(
                changes, answering: Self.answer(arn, to: call, waitingFor: approval))
        } catch { throw claimFailure(error, idempotency) }
    }

    /// Keeps any other request for officers to look at. One that waits already is not kept twice.
    public func requestApproval(
        _ waiting: WaitingRequest, about resource: String, call: APICall
    ) async throws(CAError) -> ApprovalRecord {
        let (date, _) = try now()
        guard let input = try? JSONValue(parsing: waiting.body) else {
            throw .invalidArguments("the request cannot be kept for approval: it is not JSON")
        }
        let content: JSONValue = ["operation": .string(waiting.target), "input": input]
        let approval = try approvalRecord(
            waiting, about: resource, content: content.encoded(), serialNumber: nil, at: date)
        try await expireApprovals()
        do {
            if let id = try await store.pendingApproval(
                digest: approval.digest, requester: approval.requester),
                let earlier = try await store.approval(id)
            {
                return earlier
            }
        } catch { throw .storage(error) }
        try await commit([
            .insertApproval(approval, within: Self.mostWaiting),
            .append(
                .service(
                    "ApprovalRequested", scope: naming.scope, time: date,
                    details: [
                        "id": .string(approval.id), "requestID": .string(call.requestID),
                        "operation": .string(waiting.target), "requesterArn": .string(approval.requester),
                        "digest": .string(approval.digest), "needed": .integer(Int64(approval.needed)),
                    ])),
        ])
        return approval
    }

    /// Refuses a request that could not be kept, before a certificate is prepared for it. The transaction that keeps it decides:
    /// others of the principal may have come meanwhile, and the certificate counts too.
    private func requireRoom(for waiting: WaitingRequest) async throws(CAError) {
        let pending: PendingApprovals
        do {
            pending = try await store.pendingApprovals(
                requester: waiting.requester.principal.arn.description)
        } catch { throw .storage(error) }
        guard pending.leaveRoom(for: waiting.body.count, within: Self.mostWaiting) else {
            throw .storage(.approvalsExceeded(Self.mostWaiting))
        }
    }

    /// Of one principal: each request is kept whole.
    private static let mostWaiting = ApprovalLimits(count: 100, octets: 8 * 1024 * 1024)

    private func approvalRecord(
        _ waiting: WaitingRequest, about resource: String, content: Data, serialNumber: String?, at date: Date
    ) throws(CAError) -> ApprovalRecord {
        let peer: Data
        do { peer = try JSONEncoder().encode(waiting.requester.peer) } catch {
            throw .requestFailed("the request cannot be kept for approval")
        }
        return ApprovalRecord(
            id: UUID().uuidString.lowercased(), target: waiting.target, body: waiting.body,
            resource: resource,
            requester: waiting.requester.principal.arn.description, peer: peer, content: content,
            digest: hexadecimal(SHA256.hash(data: content)), serialNumber: serialNumber,
            needed: waiting.needed, createdAt: date, expiresAt: date.addingTimeInterval(approvalLifetime))
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
