internal import Authorities
internal import Storage

/// Writes CRLs where relying parties read them.
struct CertificateListWriter: Sendable {
    let places: CertificateListPlaces

    /// Replaces the file of a CRL, and its copy in the authority's bucket.
    func write(
        _ made: CertificateListMaker.Made, of record: CertificateAuthorityRecord
    ) async throws(BucketError) {
        let index = made.list.partition?.index
        try await places.files.replace(Self.path(of: record.id, partition: index), with: made.signed)
        guard let lists = record.revocation.certificateLists, let bucket = lists.bucket else { return }
        guard let place = places.buckets[bucket] else {
            throw BucketError(reason: "there is no bucket `\(bucket)`", path: bucket)
        }
        let key =
            index.map { RevocationSettings.key(of: record.id, lists, partition: $0) }
            ?? RevocationSettings.key(of: record.id, lists)
        try await place.replace(key, with: made.signed)
    }

    /// - Parameter index: nil for the complete CRL
    static func path(of authority: String, partition index: Int?) -> String {
        index.map { RevocationSettings.path(of: authority, partition: $0) }
            ?? RevocationSettings.path(of: authority)
    }
}
