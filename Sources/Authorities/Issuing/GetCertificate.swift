internal import Approvals
public import Audit
public import Authorization
internal import PKIX
public import RecordKeeping
internal import Storage
internal import SwiftASN1
internal import X509

/// Shows an issued certificate.
public struct GetCertificate: Sendable {
    let store: any ApprovalStore
    let authorities: AuthorityLookup
    let certificates: CertificateLookup
    let approvals: ApprovalLookup
    let recorder: Recorder

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.getCertificate
        public let certificateAuthority: ARN
        public let certificate: ARN

        public init(certificateAuthority: ARN, certificate: ARN) {
            self.certificateAuthority = certificateAuthority
            self.certificate = certificate
        }
    }

    /// An issued certificate and its chain: the issuing authority's certificate, then that one's chain.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<CertificateAndChain> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await recorder.answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: Request
    ) async throws(CAError) -> CertificateAndChain {
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

    /// Why a certificate is not there yet.
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
        // A root's own certificate has no chain, whether it was imported already or not.
        if authority.kind == .root, let key = (try? Certificate(derEncoded: certificate))?.publicKey,
            key == (try authority.publicKey().certificateKey)
        {
            return nil
        }
        guard let own = authority.certificate else { return nil }
        return PEM.encode(certificates: [own] + authority.chain)
    }
}
