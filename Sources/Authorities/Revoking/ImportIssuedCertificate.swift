public import Audit
public import Authorization
internal import Foundation
internal import JSON
internal import PKIX
public import RecordKeeping
internal import Storage
internal import SwiftASN1
internal import X509

/// Takes a certificate that an authority's key signed elsewhere, so that it can be revoked and its status is
/// known.
public struct ImportIssuedCertificate: Sendable {
    let store: any Storage.CertificateStore & RevocationStore
    let authorities: AuthorityLookup
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.importIssuedCertificate
        public let certificateAuthority: ARN
        /// PEM
        public let certificate: [UInt8]

        public init(certificateAuthority: ARN, certificate: [UInt8]) {
            self.certificateAuthority = certificateAuthority
            self.certificate = certificate
        }
    }

    /// - Returns: the ARN of the certificate
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<ARN> {
        let (request, statement) = (authorized.request, authorized.statement)
        let requester = authorized.principal.arn
        let authority = try await authorities.record(request.certificateAuthority)
        let now = clock.now()
        guard authority.status == .active || authority.status == .disabled else {
            throw .invalidState("The certificate authority must be in the ACTIVE or DISABLED state")
        }
        let (der, serialNumber, notAfter) = try Self.read(request.certificate, of: authority)
        guard try await !isKnown(serialNumber, of: authority.id) else {
            throw .alreadyProcessed("The authority has a certificate with this serial number already")
        }
        let arn = naming.certificate(
            CertificateRecord.text(ofSerialNumber: serialNumber), of: authority.id)
        let record = ImportedCertificateRecord(
            certificateAuthority: authority.id, serialNumber: serialNumber, certificate: der,
            requester: requester.description, importedAt: now, notAfter: notAfter)
        return try await recorder.commit(
            [.insertImportedCertificate(record)],
            answering: Answer(
                arn, to: call, allowedBy: statement,
                response: ["certificateArn": .string(arn.description)]))
    }

    private static func read(
        _ pem: [UInt8], of authority: CertificateAuthorityRecord
    ) throws(CAError) -> (der: [UInt8], serialNumber: [UInt8], notAfter: Date) {
        let der: [UInt8]
        do { der = try PEM.block(pem, labels: PEM.certificate).contents } catch {
            throw .malformedCertificate("the Certificate \(error)")
        }
        let fields: CertificateFields
        let certificate: Certificate
        do {
            fields = try CertificateFields(derEncoded: der)
            certificate = try CertificateParser.parse(der, fields)
        } catch { throw .malformedCertificate("the Certificate does not parse: \(error)") }
        let own: CertificateFields
        do { own = try CertificateFields(derEncoded: authority.certificate ?? []) } catch {
            throw .storage(.corrupt("the certificate of the certificate authority \(authority.id)"))
        }
        guard fields.issuer.elementsEqual(own.subject), fields.isSigned(by: try authority.publicKey()) else {
            throw .certificateMismatch("The certificate is not signed by the certificate authority")
        }
        guard !fields.subjectPublicKeyInfo.elementsEqual(authority.subjectPublicKeyInfo ?? []) else {
            throw .invalidRequest("The certificate is the certificate authority's own")
        }
        // RFC 5280, section 4.1.2.2
        let number = Array(fields.serialNumber.dropFirst(2))
        guard let first = number.first, first < 0x80 else {
            throw .malformedCertificate("the serial number of the Certificate is not positive")
        }
        let significant = Array(number.drop { $0 == 0 })
        guard (1...20).contains(significant.count) else {
            throw .malformedCertificate("the serial number of the Certificate does not have 1 to 20 octets")
        }
        return (der, significant, certificate.notValidAfter)
    }

    private func isKnown(_ serialNumber: [UInt8], of authority: String) async throws(CAError) -> Bool {
        do throws(StorageError) {
            let text = CertificateRecord.text(ofSerialNumber: serialNumber)
            if let record = try await store.certificate(serialNumber: text),
                record.certificateAuthority == authority
            {
                return true
            }
            return try await store.importedCertificate(serialNumber: serialNumber, of: authority) != nil
        } catch { throw .storage(error) }
    }
}
