public import Storage

/// Where CRLs and OCSP responses are found, by the operator's configuration.
public struct RevocationSettings: Sendable, Hashable {
    /// The URL of the directory of published files, without a slash at its end; nil for none.
    public var url: String?
    /// The URLs of buckets by their names.
    public var buckets: [String: String]
    /// How long a CRL is valid, unless the authority's configuration says it.
    public var listDays: Int
    public var ocsp: OCSPSettings

    public init(
        url: String? = nil, buckets: [String: String] = [:], listDays: Int = 7,
        ocsp: OCSPSettings = OCSPSettings()
    ) {
        self.url = url
        self.buckets = buckets
        self.listDays = listDays
        self.ocsp = ocsp
    }

    /// The path of an authority's CRL below the directory of published files.
    public static func path(of authority: String) -> String { "crl/\(authority).crl" }

    /// The path of an authority's own certificate below the directory of published files.
    public static func certificatePath(of authority: String) -> String { "ca/\(authority).cer" }

    /// The key of an authority's CRL in a bucket. AWS Private CA User Guide, "Setting up a CRL".
    public static func key(
        of authority: String, _ lists: RevocationConfiguration.CertificateLists
    ) -> String {
        lists.customPath.map { "\($0)/\(authority).crl" } ?? path(of: authority)
    }

    /// The URL of the OCSP responder in certificates of an authority; nil for none.
    public func responderURL(_ configuration: RevocationConfiguration) -> String? {
        guard let status = configuration.status else { return nil }
        return status.customCname.map { "http://\($0)" } ?? ocsp.url
    }

    /// The URL of the distribution point in certificates of an authority; nil for none.
    public func distributionPoint(
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
