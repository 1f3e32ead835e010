public import Audit
public import Authorities
public import Authorization
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

    let authorities: AuthorityLookup
    let places: CertificateListPlaces?
    let recorder: Recorder

    public struct Output: Sendable {
        public let list: CertificateList
        /// DER
        public let octets: [UInt8]
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
            return Output(list: list, octets: octets)
        }
    }

    private static func tooLong(_ size: Int) -> CAError {
        .invalidState(
            "The CRL has \(size) octets, and the API answers with at most \(mostOctets); read the published file"
        )
    }
}
