public import Audit
public import Authorization
internal import Foundation
internal import Identifiers
internal import JSON
internal import PKIX
public import RecordKeeping
public import Storage
internal import X509

/// Revokes a certificate, for good.
public struct RevokeCertificate: Sendable {
    let store: any Storage.CertificateStore & RevocationStore
    let authorities: AuthorityLookup
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let dueLists: DueAuthorities

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.revokeCertificate
        public let certificateAuthority: ARN
        /// Big-endian, without leading zeros; nil for a text that is no serial number.
        public let serialNumber: [UInt8]?
        public let reason: RevocationRecord.Reason

        public init(
            certificateAuthority: ARN, serialNumber: [UInt8]?, reason: RevocationRecord.Reason
        ) {
            self.certificateAuthority = certificateAuthority
            self.serialNumber = serialNumber
            self.reason = reason
        }
    }

    /// Returns when the revocation is durable. The next CRL, which is made at once, has it.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<Void> {
        let (request, statement) = (authorized.request, authorized.statement)
        let authority = try await authorities.record(request.certificateAuthority)
        // RFC 5280, section 5.1.2.6: whole seconds.
        let now = Date(timeIntervalSince1970: clock.now().timeIntervalSince1970.rounded(.down))
        let status = try CertificateAuthorityDetails(authority, arn: request.certificateAuthority, at: now)
            .status
        guard let serialNumber = request.serialNumber else {
            throw .invalidRequest(
                "the CertificateSerial is not a number of 1 to 20 octets in hexadecimal, with or without colons"
            )
        }
        let certificate = try await certificate(serialNumber, of: authority)
        // The API's own message, which clients compare. It is also the answer for a root without an imported
        // certificate.
        guard try !isSelfSigned(certificate, authority) else {
            throw .invalidRequest("Self-signed certificate can not be revoked")
        }
        guard status == "ACTIVE" || status == "DISABLED" else {
            throw .invalidState(
                "The certificate authority is not in a valid state for revoking certificates: it is \(status)"
            )
        }
        guard certificate.notAfter >= now else {
            throw .invalidState("The certificate has expired, and relying parties no longer accept it")
        }
        let record = RevocationRecord(
            certificateAuthority: authority.id, serialNumber: serialNumber, revokedAt: now,
            reason: request.reason, notAfter: certificate.notAfter)
        let arn = naming.certificate(certificate.serialNumber, of: authority.id)
        let audited: Audited<Void>
        do throws(StorageError) {
            audited = try await recorder.commits.commit(
                [.revoke(record)],
                answering: Answer(
                    (), to: call, allowedBy: statement,
                    response: ["certificateArn": .string(arn.description)]))
        } catch {
            guard case .alreadyRevoked = error else { throw .storage(error) }
            throw .alreadyProcessed("The certificate \(arn) is already revoked")
        }
        dueLists.insert(authority.id)
        return audited
    }

    private func certificate(
        _ serialNumber: [UInt8], of authority: CertificateAuthorityRecord
    ) async throws(CAError) -> CertificateRecord {
        let padded = CertificateRecord.text(ofSerialNumber: serialNumber)
        let record: CertificateRecord?
        do { record = try await store.certificate(serialNumber: padded) } catch { throw .storage(error) }
        guard let record, record.certificateAuthority == authority.id, case .issued = record.status else {
            // The certificate of a root that was adopted was not issued here.
            if authority.kind == .root, let der = authority.certificate,
                let fields = try? CertificateFields(derEncoded: der),
                fields.serialNumber.dropFirst(2).drop(while: { $0 == 0 }).elementsEqual(serialNumber)
            {
                throw .invalidRequest("Self-signed certificate can not be revoked")
            }
            throw .certificateNotFound(naming.certificate(padded, of: authority.id).description)
        }
        return record
    }

    private func isSelfSigned(
        _ record: CertificateRecord, _ authority: CertificateAuthorityRecord
    ) throws(CAError) -> Bool {
        guard authority.kind == .root, case .issued(let der) = record.status else { return false }
        let fields: CertificateFields
        do { fields = try CertificateFields(derEncoded: der) } catch {
            throw .storage(.corrupt("the certificate \(record.serialNumber)"))
        }
        return fields.subjectPublicKeyInfo.elementsEqual(authority.subjectPublicKeyInfo ?? [])
    }
}
