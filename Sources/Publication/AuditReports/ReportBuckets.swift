/// A replacement for AWS's S3 buckets: named places that store objects under keys.
public protocol ReportBuckets: Sendable {
    func contains(_ bucket: String) -> Bool
    /// Begins a new object. It appears under its key only once it is complete and durable.
    func begin(_ key: String, in bucket: String) async throws(BucketError) -> any ReportObject
    /// Removes an unfinished object that a crash left.
    func discardUnfinished(_ key: String, in bucket: String) async throws(BucketError)
}

/// An object that one task is writing.
public protocol ReportObject: Sendable {
    func append(_ bytes: [UInt8]) async throws(BucketError)
    /// Returns when the object is under its key and survives a crash of the machine.
    func finish() async throws(BucketError)
    /// Removes the unfinished object.
    func abandon() async
}

/// Why an object was not written.
public struct BucketError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason for the audit log, without a path.
    public let reason: String
    /// The path, for the daemon's log.
    public let path: String

    public init(reason: String, path: String) {
        self.reason = reason
        self.path = path
    }

    public var description: String { "\(reason): \(path)" }
}
