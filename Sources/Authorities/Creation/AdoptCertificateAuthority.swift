public import Audit
public import Authorization
internal import Foundation
internal import Issuance
internal import JSON
internal import Logging
internal import PKIX
public import RecordKeeping
internal import Signing
internal import Storage
internal import X509

/// Creates an authority from an existing key and its certificate, such as those made in a ceremony.
public struct AdoptCertificateAuthority: Sendable {
    let store: any AuthorityStore & AuditLogStore
    let custody: any KeyCustody
    let creation: AuthorityCreation
    let keysInUse: KeysInUse
    let recorder: Recorder
    let naming: ARNNaming
    let clock: Clock
    let dueLists: DueAuthorities
    let dueResponders: DueAuthorities
    let logger: Logger

    /// A request to create a certificate authority from a key on a token and the key's certificate.
    public struct Request: Authorizable {
        public static let action = Action.adoptCertificateAuthority
        public let resource = "*"
        /// CKA_ID
        public let keyIdentifier: [UInt8]
        /// The bytes of a PEM file with one certificate.
        public let certificate: [UInt8]
        /// The bytes of a PEM file with the chain, child before parent, the root last; nil or empty for a
        /// root.
        public let chain: [UInt8]?

        public init(keyIdentifier: [UInt8], certificate: [UInt8], chain: [UInt8]?) {
            self.keyIdentifier = keyIdentifier
            self.certificate = certificate
            self.chain = chain
        }
    }

    /// Checks the certificate, and that a token has its key and the key proves itself. Then it signs a CSR
    /// with the key, because every authority has one, and makes the authority ACTIVE. If the token fails at
    /// the CSR, the authority is left FAILED, and a later adoption of the same key continues with it.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, call: APICall
    ) async throws(CAError) -> Audited<ARN> {
        let request = authorized.request
        let statement = authorized.statement
        let (date, _) = try clock.civil()
        let imported = try ImportedCertificate(certificate: request.certificate, chain: request.chain)
        let certificate = imported.certificate
        guard let algorithm = KeyAlgorithm(certificate.publicKey) else {
            throw .invalidArguments("the certificate's key is not of a kind an authority can have")
        }
        let publicKey: SubjectPublicKey
        do { publicKey = try SubjectPublicKey(certificate.publicKey) } catch {
            throw .malformedCertificate("the certificate's key cannot be encoded: \(parseReason(error))")
        }
        let kind: CertificateAuthorityRecord.Kind =
            certificate.subject.matches(certificate.issuer) ? .root : .subordinate
        let notes = try imported.verify(kind: kind, at: date)
        let failed = try await checkIsNew(publicKey.derBytes, identifier: request.keyIdentifier)
        // Nothing is created unless a token has the key and the key proves itself.
        let standard: String?
        do {
            standard = try await custody.securityStandard(
                of: KeyReference(
                    algorithm, identifier: request.keyIdentifier, publicKey: publicKey,
                    securityStandard: nil))
        } catch { throw .invalidArguments("the key cannot be adopted: \(error)") }

        var record =
            failed
            ?? CertificateAuthorityRecord(
                id: UUID().uuidString.lowercased(), kind: kind, status: .creating,
                createdAt: date, lastStateChangeAt: date, keyAlgorithm: algorithm,
                signingAlgorithm: algorithm.signingAlgorithms[0],
                subject: SubjectAttributes(certificate.subject), usageMode: .generalPurpose,
                keyStorageSecurityStandard: standard, keyIdentifier: request.keyIdentifier,
                subjectPublicKeyInfo: publicKey.derBytes)
        if failed == nil {
            try await recorder.commit([.insertCertificateAuthority(record)])
        } else {
            do { try record.adoptAgain(at: date) } catch { throw CAError(error) }
            record.kind = kind
            record.subject = SubjectAttributes(certificate.subject)
            record.keyStorageSecurityStandard = standard
            try await recorder.commit([.updateCertificateAuthority(record)])
            record = record.updated()
        }
        let arn = naming.certificateAuthority(record.id)
        do {
            try imported.checkOwnSubject()
            let answer = Answer(
                arn, to: call, allowedBy: statement,
                response: ["certificateAuthorityArn": .string(arn.description)])
            let audited = try await creation.signRequest(
                record, subject: certificate.subject, publicKey: publicKey, answering: answer
            ) { (record) throws(IllegalStateChange) in
                try record.adopt(certificate: imported.der, chain: imported.chainDER, at: date)
            }
            dueLists.insert(record.id)
            dueResponders.insert(record.id)
            ImportNotes.log(notes, record.id, logger)
            return audited
        } catch {
            await creation.leaveFailed(record)
            throw CAError(custody: error)
        }
    }

    /// Refuses a key that already belongs to an authority. Returns the record if an earlier adoption of the
    /// key failed.
    private func checkIsNew(
        _ subjectPublicKeyInfo: [UInt8], identifier: [UInt8]
    ) async throws(CAError) -> CertificateAuthorityRecord? {
        let logKey: LogKeyRecord?
        do { logKey = try await store.logKey() } catch { throw .storage(error) }
        guard logKey?.subjectPublicKeyInfo != subjectPublicKeyInfo,
            keysInUse.owner(of: subjectPublicKeyInfo) != KeysInUse.log
        else {
            throw .invalidState("The key signs the log's checkpoints, and nothing else")
        }
        var after: String?
        repeat {
            let page: [CertificateAuthorityRecord]
            do { page = try await store.certificateAuthorities(after: after, limit: 100) } catch {
                throw .storage(error)
            }
            for record in page {
                let arn = naming.certificateAuthority(record.id)
                if record.subjectPublicKeyInfo == subjectPublicKeyInfo {
                    guard record.status == .failed, record.keyIdentifier == identifier else {
                        throw .invalidState("The key is that of \(arn) already")
                    }
                    return record
                }
                guard record.keyIdentifier != identifier else {
                    throw .invalidState("The CKA_ID is that of the key of \(arn)")
                }
            }
            after = page.last?.id
        } while after != nil
        return nil
    }
}
