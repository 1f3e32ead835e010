public import Audit
public import Authorities
public import Authorization
internal import Crypto
internal import Foundation
internal import JSON
internal import PKIX
public import RecordKeeping
public import Storage
internal import SwiftASN1
internal import X509

/// Takes the CRL of an authority above one of this daemon's, such as an offline root, so that the CRLs of a
/// whole chain come from one place and their ends are watched.
public struct ImportCertificateRevocationList: Sendable {
    let store: any RevocationStore
    let authorities: AuthorityLookup
    let places: CertificateListPlaces?
    let recorder: Recorder
    let dueLists: DueAuthorities
    let clock: Clock

    public struct Request: CertificateAuthorityRequest {
        public static let action = Action.importCertificateRevocationList
        /// An authority whose chain has the issuer.
        public let certificateAuthority: ARN
        /// DER, or PEM.
        public let list: [UInt8]

        public init(certificateAuthority: ARN, list: [UInt8]) {
            self.certificateAuthority = certificateAuthority
            self.list = list
        }
    }

    /// Returns when the CRL is published and recorded.
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<ImportedListRecord> {
        let (request, statement) = (authorized.request, authorized.statement)
        guard let places else {
            throw .invalidState("No CRLs are published here: the operator configures revocation.directory")
        }
        let authority = try await authorities.record(request.certificateAuthority)
        let list = try Self.read(request.list)
        let issuer = try Self.issuer(of: list, in: authority)
        let record = try record(of: list, issuer)
        let known: ImportedListRecord?
        do { known = try await store.importedList(record.id) } catch { throw .storage(error) }
        guard known.map({ !Self.isOlder(record, than: $0) }) ?? true else {
            throw .invalidRequest(
                "The CRL is older than the one that is there: its number is lower, or it was issued before")
        }
        // The file is first: without a record it is imported again, and a record without its file is a gap.
        do throws(BucketError) {
            try await places.files.replace(RevocationSettings.path(of: record.id), with: list.derBytes)
        } catch { throw .custody(detail: "\(error)") }
        let audited = try await recorder.commit(
            [.recordImportedList(record)],
            answering: Answer(
                record, to: call, allowedBy: statement,
                response: ["nextUpdate": .string(CivilTime(record.nextUpdate)?.description ?? "")]))
        dueLists.wake()
        return audited
    }

    private static func read(_ octets: [UInt8]) throws(CAError) -> CertificateList {
        do {
            if PEM.isDER(octets) { return try CertificateList(derEncoded: octets) }
            return try CertificateList(
                derEncoded: try PEM.block(octets, labels: PEM.certificateList).contents)
        } catch { throw .invalidArguments("the CertificateRevocationList is not a CRL: \(error)") }
    }

    /// The certificate in the authority's chain whose key signed the CRL.
    private static func issuer(
        of list: CertificateList, in authority: CertificateAuthorityRecord
    ) throws(CAError) -> CertificateFields {
        for der in authority.chain {
            guard let fields = try? CertificateFields(derEncoded: der),
                fields.subject.elementsEqual(list.issuer),
                let key = try? SubjectPublicKey(derEncoded: Array(fields.subjectPublicKeyInfo)),
                list.isSigned(by: key)
            else { continue }
            return fields
        }
        throw .certificateMismatch(
            "The CRL is not signed by an authority above the certificate authority; its chain has \(authority.chain.count)"
        )
    }

    private func record(
        of list: CertificateList, _ issuer: CertificateFields
    ) throws(CAError) -> ImportedListRecord {
        guard let next = list.nextUpdate, next.secondsSinceEpoch > Int64(clock.now().timeIntervalSince1970)
        else { throw .invalidRequest("The CRL has ended, or has no end") }
        let name: (ASN1Node) throws -> DistinguishedName = DistinguishedName.init(derEncoded:)
        return ImportedListRecord(
            id: ImportedListRecord.id(
                ofKeyDigest: Array(SHA256.hash(data: Array(issuer.subjectPublicKeyInfo)))),
            issuer: (try? name(DER.parse(Array(list.issuer))))?.rfc4514 ?? "",
            number: Array(list.number ?? []),
            thisUpdate: Date(timeIntervalSince1970: TimeInterval(list.thisUpdate.secondsSinceEpoch)),
            nextUpdate: Date(timeIntervalSince1970: TimeInterval(next.secondsSinceEpoch)),
            digest: Array(SHA256.hash(data: list.derBytes)))
    }

    /// By their numbers (RFC 5280, section 5.2.3), or by their times where one has none.
    private static func isOlder(_ record: ImportedListRecord, than known: ImportedListRecord) -> Bool {
        guard !record.number.isEmpty, !known.number.isEmpty else {
            return record.thisUpdate < known.thisUpdate
        }
        if record.number.count != known.number.count { return record.number.count < known.number.count }
        return record.number.lexicographicallyPrecedes(known.number)
    }
}
