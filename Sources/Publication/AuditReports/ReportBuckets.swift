/// What stands in for AWS's S3 buckets: places with a name in which objects lie under keys.
public protocol ReportBuckets: Sendable {
    func contains(_ bucket: String) -> Bool
    /// Begins a new object. It appears under its key when it is finished, whole and durable, and not before.
    func begin(_ key: String, in bucket: String) async throws(BucketError) -> any ReportObject
    /// Takes away what a crash left of an object that was not finished.
    func discardUnfinished(_ key: String, in bucket: String) async throws(BucketError)
}

/// An object that is being written, by one task.
public protocol ReportObject: Sendable {
    func append(_ bytes: [UInt8]) async throws(BucketError)
    /// Returns when the object lies under its key and survives a crash of the machine.
    func finish() async throws(BucketError)
    /// Takes away what was written.
    func abandon() async
}

/// Why an object was not written.
public struct BucketError: Error, Sendable, Hashable, CustomStringConvertible {
    /// For readers of the audit log: names no path.
    public let reason: String
    /// For the daemon's log: the path it was about.
    public let path: String

    public init(reason: String, path: String) {
        self.reason = reason
        self.path = path
    }

    public var description: String { "\(reason): \(path)" }
}
