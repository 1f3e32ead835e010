public import Audit
public import Authorities
public import Authorization
internal import Crypto
public import PKIX
public import RecordKeeping
internal import Revocation
internal import Storage

/// Shows an authority's newest CRL.
public struct GetCertificateRevocationList: Sendable, SingleAction {
    public static let action = Action.getCertificateRevocationList
    public typealias Request = AuthorityRequest<Self>

    /// Some 170,000 entries. Several answers can be in memory at once.
    private static let mostOctets = 8 * 1024 * 1024

    let store: any RevocationStore
    let authorities: AuthorityLookup
    let places: CertificateListPlaces?
    let recorder: Recorder

    public struct Output: Sendable {
        public let list: CertificateList
        /// DER
        public let octets: [UInt8]
        /// DER of the imported CRLs of authorities above it.
        public let chain: [[UInt8]]
    }

    /// - Throws: ``CAError/invalidState(_:)`` while there is no CRL
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<Output> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let record = try await authorities.record(request.certificateAuthority)
            let path = RevocationSettings.path(of: record.id)
            let octets: [UInt8]?
            let size: Int
            do throws(BucketError) {
                size = try await places?.files.size(path) ?? 0
                octets = size <= Self.mostOctets ? try await places?.files.contents(path) : nil
            } catch { throw .custody(detail: "\(error)") }
            guard size <= Self.mostOctets else { throw Self.tooLong(size) }
            // The file decides, and not the record: a newer CRL may not be written yet.
            guard let octets, let source = try CertificateListSource(record),
                let list = try? CertificateList(derEncoded: octets),
                list.isSigned(by: source.issuer.publicKey)
            else {
                throw .invalidState(
                    "The certificate authority has no CRL yet; it is made after the activation, and again after each revocation"
                )
            }
            return Output(
                list: list, octets: octets, chain: try await imported(record, beside: octets.count))
        }
    }

    /// The imported CRLs of the authorities above one, as long as they fit into an answer.
    private func imported(
        _ record: CertificateAuthorityRecord, beside size: Int
    ) async throws(CAError) -> [[UInt8]] {
        var lists: [[UInt8]] = []
        for der in record.chain {
            guard let fields = try? CertificateFields(derEncoded: der) else { continue }
            let id = ImportedListRecord.id(
                ofKeyDigest: Array(SHA256.hash(data: Array(fields.subjectPublicKeyInfo))))
            let known: ImportedListRecord?
            do { known = try await store.importedList(id) } catch { throw .storage(error) }
            guard let known else { continue }
            let octets: [UInt8]?
            do throws(BucketError) {
                octets = try await places?.files.contents(RevocationSettings.path(of: id))
            } catch { throw .custody(detail: "\(error)") }
            // A file of something else is no CRL of that authority.
            guard let octets, Array(SHA256.hash(data: octets)) == known.digest else { continue }
            guard lists.reduce(size + octets.count, { $0 + $1.count }) <= Self.mostOctets else { break }
            lists.append(octets)
        }
        return lists
    }

    private static func tooLong(_ size: Int) -> CAError {
        .invalidState(
            "The CRL has \(size) octets, and the API answers with at most \(mostOctets); read the published file"
        )
    }
}
