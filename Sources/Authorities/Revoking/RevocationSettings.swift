public import Issuance
internal import PKIX
public import Storage

/// Where CRLs and OCSP responses are found, by the operator's configuration.
public struct RevocationSettings: Sendable, Hashable {
    /// The URL of the directory of published files, without a slash at its end; nil for none.
    public var url: String?
    /// The URLs of buckets by their names.
    public var buckets: [String: String]
    /// How long a CRL is valid, unless the authority's configuration says it.
    public var listDays: Int
    /// Into how many partitions an authority's CRL is divided.
    public var partitions: Int
    public var ocsp: OCSPSettings

    public init(
        url: String? = nil, buckets: [String: String] = [:], listDays: Int = 7,
        partitions: Int = 32,
        ocsp: OCSPSettings = OCSPSettings()
    ) {
        self.url = url
        self.buckets = buckets
        self.listDays = listDays
        self.partitions = partitions
        self.ocsp = ocsp
    }

    /// The path of an authority's CRL below the directory of published files.
    public static func path(of authority: String) -> String { "crl/\(authority).crl" }

    /// The path of the CRL of a partition.
    public static func path(of authority: String, partition: Int) -> String {
        ListPartition.url("crl/\(authority)", index: partition)
    }

    /// The path of an authority's own certificate below the directory of published files.
    public static func certificatePath(of authority: String) -> String { "ca/\(authority).cer" }

    /// The key of an authority's CRL in a bucket. AWS Private CA User Guide, "Setting up a CRL".
    public static func key(
        of authority: String, _ lists: RevocationConfiguration.CertificateLists
    ) -> String {
        lists.customPath.map { "\($0)/\(authority).crl" } ?? path(of: authority)
    }

    /// The key of the CRL of a partition in a bucket.
    public static func key(
        of authority: String, _ lists: RevocationConfiguration.CertificateLists, partition: Int
    ) -> String {
        ListPartition.url("\(lists.customPath ?? "crl")/\(authority)", index: partition)
    }

    /// The URL of the OCSP responder in certificates of an authority; nil for none.
    public func responderURL(_ configuration: RevocationConfiguration) -> String? {
        guard let status = configuration.status else { return nil }
        return status.customCname.map { "http://\($0)" } ?? ocsp.url
    }

    /// The CRL that certificates of an authority name; nil for none.
    public func listLocation(
        of authority: String, _ configuration: RevocationConfiguration
    ) -> ListLocation? {
        guard let url = listURL(of: authority, configuration) else { return nil }
        guard configuration.certificateLists?.isPartitioned == true,
            let partitions = configuration.partitions, let base = partitions.urls.last
        else { return .complete(url) }
        return .partitioned(base: base, count: partitions.count)
    }

    /// The URL of an authority's complete CRL by its configuration; nil for none.
    func listURL(
        of authority: String, _ configuration: RevocationConfiguration
    ) -> String? {
        guard let lists = configuration.certificateLists, !lists.omitsExtension else { return nil }
        if let name = lists.customCname { return "http://\(name)/\(Self.key(of: authority, lists))" }
        if let bucket = lists.bucket, let url = buckets[bucket] {
            return "\(url)/\(Self.key(of: authority, lists))"
        }
        return url.map { "\($0)/\(Self.path(of: authority))" }
    }
}
