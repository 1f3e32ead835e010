internal import Audit
internal import Authorization
internal import Foundation
internal import Issuance
internal import Logging
internal import PKIX
internal import RecordKeeping
internal import Signing
internal import Storage
internal import X509

/// The last step of creation and of adoption: the authority signs its own CSR, or is left FAILED.
struct AuthorityCreation: Sendable {
    let custody: any KeyCustody
    let cycle: SigningCycle
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let logger: Logger

    /// Signs the authority's own CSR, and answers the call.
    /// - Parameter become: the change of state that is committed with the CSR
    func signRequest<Output>(
        _ record: CertificateAuthorityRecord, subject: DistinguishedName, publicKey: SubjectPublicKey,
        extensions: [Certificate.Extension] = [], answering answer: Answer<Output>,
        become: @Sendable (inout CertificateAuthorityRecord) throws(IllegalStateChange) -> Void
    ) async throws -> Audited<Output> {
        let prepared = try Issuer.prepareCertificationRequest(
            subject: subject, publicKey: publicKey, signingAlgorithm: record.signingAlgorithm,
            extensions: extensions)
        let key = try await custody.signingKey(
            KeyReference(
                record.keyAlgorithm, identifier: record.keyIdentifier, publicKey: publicKey,
                securityStandard: record.keyStorageSecurityStandard),
            SigningPriority(source: answer.call.principal?.description ?? ""))
        var changed = record
        try become(&changed)
        do throws(SigningFailure) {
            return try await cycle.sign(
                prepared, with: key, of: naming.certificateAuthority(record.id),
                CreationSteps(record: changed, scope: naming.scope), answering: answer)
        } catch { throw CAError(signing: error) }
    }

    /// Marks an authority FAILED whose creation or adoption failed, and frees the idempotency token of the
    /// request.
    func leaveFailed(_ record: CertificateAuthorityRecord) async {
        do { try await recorder.commit(try failure(of: record)) } catch {
            // The next start marks the authority FAILED.
            logger.error(
                "authority left CREATING", metadata: ["id": "\(record.id)", "reason": "\(error)"])
        }
    }

    func failure(of record: CertificateAuthorityRecord) throws(CAError) -> [Change] {
        var failed = record
        do { try failed.fail(at: clock.now()) } catch { throw CAError(error) }
        return [
            .updateCertificateAuthority(failed),
            .releaseIdempotency(answer: naming.certificateAuthority(record.id).description),
        ]
    }
}

/// The changes committed before and after an authority's CSR is signed.
private struct CreationSteps: SigningSteps {
    /// The authority's record after the signature, without its CSR and time.
    let record: CertificateAuthorityRecord
    let scope: AuditScope

    var claims: [Change] { [] }

    func changes(signed der: [UInt8], _ intent: SignatureIntent, at time: Date) -> [Change] {
        var record = record
        record.certificateSigningRequest = der
        record.lastStateChangeAt = time
        return [.updateCertificateAuthority(record), .append(intent.signed(scope: scope, time: time))]
    }

    func changes(failed outcome: AuditEvent) -> [Change] { [.append(outcome)] }
}
