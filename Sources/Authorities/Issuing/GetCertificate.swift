internal import Approvals
public import Audit
public import Authorization
internal import PKIX
public import RecordKeeping
internal import Storage
internal import SwiftASN1
internal import X509

/// Shows an issued certificate.
public struct GetCertificate: Sendable, SingleAction {
    public static let action = Action.getCertificate
    public typealias Request = IssuedCertificateRequest<Self>

    let store: any ApprovalStore
    let authorities: AuthorityLookup
    let certificates: CertificateLookup
    let approvals: ApprovalLookup
    let recorder: Recorder

    /// An issued certificate and its chain: the issuing authority's certificate, then the authority's chain.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<CertificateAndChain> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let authority = try await authorities.record(request.certificateAuthority)
            let record = try await certificates.record(request.certificate, of: request.certificateAuthority)
            switch record.status {
            case .reserved: throw try await unfinished(record, request.certificate)
            case .failed(let reason): throw .requestFailed(reason)
            case .issued(let der):
                return CertificateAndChain(
                    certificate: PEM.encode(der, label: "CERTIFICATE"),
                    chain: try chain(of: der, issuedBy: authority))
            }
        }
    }

    /// Why a certificate is not available.
    private func unfinished(_ record: CertificateRecord, _ arn: ARN) async throws(CAError) -> CAError {
        let approval: ApprovalRecord?
        do { approval = try await store.approval(serialNumber: record.serialNumber) } catch {
            throw .storage(error)
        }
        guard let approval, approval.status == .pending else {
            return .requestInProgress("the certificate \(arn) is being issued")
        }
        if let expired = try await approvals.expired(approval) {
            return .requestFailed(expired.outcome ?? "not approved in time")
        }
        return .requestInProgress(
            "the certificate \(arn) waits for \(approval.wanted): request \(approval.id)"
        )
    }

    private func chain(
        of certificate: [UInt8], issuedBy authority: CertificateAuthorityRecord
    ) throws(CAError) -> String? {
        // A root's own certificate has no chain, even before it is imported.
        if authority.kind == .root, let key = (try? Certificate(derEncoded: certificate))?.publicKey,
            try authority.publicKey().matches(key)
        {
            return nil
        }
        guard let own = authority.certificate else { return nil }
        return PEM.encode(certificates: [own] + authority.chain)
    }
}
