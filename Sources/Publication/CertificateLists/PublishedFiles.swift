/// A directory whose files relying parties read, directly or through a web server.
public protocol PublishedFiles: Sendable {
    /// The octets of a file; nil when there is none. A file that cannot be examined is an error.
    func contents(_ key: String) async throws(BucketError) -> [UInt8]?
    /// The size of a file in octets; nil when there is none.
    func size(_ key: String) async throws(BucketError) -> Int?
    /// Replaces a file in one step. Returns when the new one survives a crash of the machine. After an error
    /// the previous file is whole.
    func replace(_ key: String, with octets: [UInt8]) async throws(BucketError)
}

/// Where CRLs are published.
public struct CertificateListPlaces: Sendable {
    /// The daemon's own directory, which has every CRL.
    public let files: any PublishedFiles
    /// By their names.
    public let buckets: [String: any PublishedFiles]

    public init(files: any PublishedFiles, buckets: [String: any PublishedFiles] = [:]) {
        self.files = files
        self.buckets = buckets
    }
}
