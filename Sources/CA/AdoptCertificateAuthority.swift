public import Audit
public import Authorization
internal import Foundation
internal import Issuance
internal import JSON
internal import Logging
internal import PKIX
internal import Storage
internal import SwiftASN1
internal import X509

/// A request to make a certificate authority of a key that is on a token already, and of the certificate that was made
/// for it in a ceremony.
public struct AdoptCertificateAuthority: Authorizable {
    public static let action = Action.adoptCertificateAuthority
    public let resource = "*"
    /// CKA_ID
    public let keyIdentifier: [UInt8]
    /// The bytes of a PEM file with one certificate.
    public let certificate: [UInt8]
    /// The bytes of a PEM file with the chain, child before parent, the root last; nil or empty for a root.
    public let chain: [UInt8]?

    public init(keyIdentifier: [UInt8], certificate: [UInt8], chain: [UInt8]?) {
        self.keyIdentifier = keyIdentifier
        self.certificate = certificate
        self.chain = chain
    }
}

extension CertificateAuthorities {
    /// Checks that the key is there, proves itself and is the certificate's, signs a CSR with it as every authority has
    /// one, and makes the authority ACTIVE. When a step fails after the record was made, it is left FAILED.
    public func adoptCertificateAuthority(
        _ authorized: consuming Authorized<AdoptCertificateAuthority>, call: APICall
    ) async throws(CAError) -> ARN {
        let request = authorized.request
        let statement = authorized.statement
        let (date, _) = try now()
        guard let blocks = PEM.decode(request.certificate, labels: ["CERTIFICATE"]), blocks.count == 1,
            let certificate = try? Certificate(derEncoded: blocks[0])
        else { throw .malformedCertificate("the Certificate is not one PEM block labelled CERTIFICATE") }
        guard let algorithm = KeyAlgorithm(certificate.publicKey) else {
            throw .invalidArguments("the certificate's key is not of a kind an authority can have")
        }
        var encoded = DER.Serializer()
        do { try encoded.serialize(certificate.publicKey) } catch {
            throw .malformedCertificate("the certificate's key cannot be encoded: \(parseReason(error))")
        }
        try await checkIsNew(encoded.serializedBytes)
        // The token has the key, pinned and proven, or nothing is made.
        do {
            _ = try await custody.signingKey(
                algorithm, identifier: request.keyIdentifier,
                publicKey: PinnedPublicKey(certificate.publicKey), meeting: nil,
                for: SigningClaim(claimant: call.principal?.description ?? ""))
        } catch { throw .invalidArguments("the key cannot be adopted: \(error)") }

        let id = UUID().uuidString.lowercased()
        let arn = naming.certificateAuthority(id)
        var record = CertificateAuthorityRecord(
            id: id, kind: certificate.subject == certificate.issuer ? .root : .subordinate, status: .creating,
            createdAt: date, lastStateChangeAt: date, keyAlgorithm: algorithm,
            signingAlgorithm: algorithm.signingAlgorithms[0], subject: SubjectAttributes(certificate.subject),
            usageMode: .generalPurpose, keyStorageSecurityStandard: nil, keyIdentifier: request.keyIdentifier,
            subjectPublicKeyInfo: encoded.serializedBytes)
        try await commit([.insertCertificateAuthority(record)])
        do {
            let (pending, outcome) = try await signRequest(
                record, subject: certificate.subject, publicKey: certificate.publicKey, call: call)
            try await commit(outcome)
            record = pending
            let imported = try ImportedCertificate(
                certificate: request.certificate, chain: request.chain, for: record)
            try imported.verify(kind: record.kind, at: date)
            var active = record
            active.certificate = imported.der
            active.chain = imported.chainDER
            active.status = .active
            active.lastStateChangeAt = clock()
            active.revision += 1
            try await commit([
                .updateCertificateAuthority(active),
                .append(
                    call.succeeded(
                        statement: statement,
                        response: ["certificateAuthorityArn": .string(arn.description)])),
            ])
            return arn
        } catch {
            let cause = error as? CAError ?? .custody(detail: "\(error)")
            record.status = .failed
            record.lastStateChangeAt = clock()
            record.revision += 1
            do { try await commit([.updateCertificateAuthority(record)]) } catch {
                // The next start finds it.
                logger.error("authority left CREATING", metadata: ["id": "\(id)", "reason": "\(error)"])
            }
            throw cause
        }
    }

    /// Two authorities with one key would be one authority with two records.
    private func checkIsNew(_ subjectPublicKeyInfo: [UInt8]) async throws(CAError) {
        let logKey: LogKeyRecord?
        do { logKey = try await store.logKey() } catch { throw .storage(error) }
        guard logKey?.subjectPublicKeyInfo != subjectPublicKeyInfo else {
            throw .invalidState("The key signs the log's checkpoints, and nothing else")
        }
        var after: String?
        repeat {
            let page: [CertificateAuthorityRecord]
            do { page = try await store.certificateAuthorities(after: after, limit: 100) } catch {
                throw .storage(error)
            }
            if let same = page.first(where: {
                $0.subjectPublicKeyInfo == subjectPublicKeyInfo && $0.status != .failed
            }) {
                throw .invalidState("The key is that of \(naming.certificateAuthority(same.id)) already")
            }
            after = page.last?.id
        } while after != nil
    }
}
