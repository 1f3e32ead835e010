internal import OctetText
internal import RecordKeeping
internal import Storage

extension RevocationConfiguration {
    /// Relying parties compare every URL of a partition's CRL.
    private static let mostURLs = 8

    /// Divides the authority's CRL if its configuration asks for it. The number of partitions never changes, and
    /// a new URL is added to those that certificates have already.
    /// - Parameter authority: its id
    mutating func divide(
        listOf authority: String, _ settings: RevocationSettings
    ) throws(CAError) {
        guard certificateLists?.isPartitioned == true else { return }
        guard let url = settings.listURL(of: authority, self), url.hasOctetSuffix(".crl") else {
            throw .invalidArguments(
                "the CrlType PARTITIONED needs the URL in certificates, by which relying parties find the CRL of a certificate; do not use OmitExtension"
            )
        }
        let base = String(decoding: url.utf8.dropLast(4), as: UTF8.self)
        var divided = partitions ?? Partitions(count: settings.partitions, urls: [])
        divided.urls.removeAll { $0.utf8.elementsEqual(base.utf8) }
        divided.urls.append(base)
        guard divided.urls.count <= Self.mostURLs else {
            throw .invalidArguments(
                "the partitions have had \(Self.mostURLs) URLs, which their CRLs must name: use one of them, or the CrlType COMPLETE"
            )
        }
        partitions = divided
    }
}
