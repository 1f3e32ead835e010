public import Audit
public import Authorization
internal import PKIX
internal import Storage
internal import SwiftASN1
internal import X509

public struct GetCertificate: CertificateAuthorityRequest {
    public static let action = Action.getCertificate
    public let certificateAuthority: ARN
    public let certificate: ARN

    public init(certificateAuthority: ARN, certificate: ARN) {
        self.certificateAuthority = certificateAuthority
        self.certificate = certificate
    }
}

extension CertificateAuthorities {
    /// An issued certificate and its chain: the issuing authority's certificate, then that one's chain.
    public func getCertificate(
        _ authorized: consuming Authorized<GetCertificate>, for call: APICall
    ) async throws(CAError) -> Audited<CertificateAndChain> {
        let (request, statement) = (authorized.request, authorized.statement)
        return try await answer(try await output(for: request), to: call, allowedBy: statement)
    }

    private func output(
        for request: GetCertificate
    ) async throws(CAError) -> CertificateAndChain {
        let authority = try await record(request.certificateAuthority)
        let record = try await certificateRecord(request.certificate, of: request.certificateAuthority)
        switch record.status {
        case .reserved: throw try await unfinished(record, request.certificate)
        case .failed(let reason): throw .requestFailed(reason)
        case .issued(let der):
            return CertificateAndChain(
                certificate: PEM.encode(der, label: "CERTIFICATE"),
                chain: try chain(of: der, issuedBy: authority))
        }
    }

    /// The record behind the ARN of a certificate of this authority.
    func certificateRecord(
        _ arn: ARN, of certificateAuthority: ARN
    ) async throws(CAError) -> CertificateRecord {
        let authority = try await record(certificateAuthority)
        let prefix = certificateAuthority.resource + "/certificate/"
        guard arn.resource.hasPrefix(prefix) else { throw .malformedARN(arn.description) }
        let serialNumber = String(arn.resource.dropFirst(prefix.count))
        let record: CertificateRecord?
        do { record = try await store.certificate(serialNumber: serialNumber) } catch {
            throw .storage(error)
        }
        guard let record, record.certificateAuthority == authority.id,
            arn == naming.certificate(serialNumber, of: authority.id)
        else { throw .certificateNotFound(arn.description) }
        return record
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
        if let expired = try await expired(approval) {
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
