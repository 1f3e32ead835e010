public import Audit
public import Authorities
public import Authorization
internal import Crypto
internal import PKIX
public import RecordKeeping
public import Storage

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
        public let list: CertificateListRecord
        /// DER
        public let octets: [UInt8]
    }

    /// - Throws: ``CAError/invalidState(_:)`` while there is no CRL
    public func callAsFunction(
        _ authorized: consuming Authorized<Request>, for call: APICall
    ) async throws(CAError) -> Audited<Output> {
        try await recorder.answer(authorized, for: call) { (request) throws(CAError) in
            let record = try await authorities.record(request.certificateAuthority)
            let list: CertificateListRecord?
            do throws(StorageError) { list = try await store.certificateList(of: record.id) } catch {
                throw .storage(error)
            }
            let octets: [UInt8]?
            do throws(BucketError) {
                octets = try await places?.files.contents(RevocationSettings.path(of: record.id))
            } catch {
                throw .custody(detail: "\(error)")
            }
            guard let list, let octets, Array(SHA256.hash(data: octets)) == list.digest else {
                throw .invalidState(
                    "The certificate authority has no CRL yet; it is made after the activation, and again after each revocation"
                )
            }
            guard octets.count <= Self.mostOctets else {
                throw .invalidState(
                    "The CRL has \(octets.count) octets, and the API answers with at most \(Self.mostOctets); read the published file"
                )
            }
            return Output(list: list, octets: octets)
        }
    }
}
