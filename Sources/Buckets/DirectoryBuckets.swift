internal import Foundation
public import Publication

/// Directories in the place of S3 buckets: the object with the key `a/b` of a bucket is the file `a/b` below
/// its directory.
public struct DirectoryBuckets: ReportBuckets {
    /// Absolute paths, by the bucket's name.
    private let directories: [String: String]

    public init(_ directories: [String: String]) { self.directories = directories }

    public func contains(_ bucket: String) -> Bool { directories[bucket] != nil }

    public func begin(_ key: String, in bucket: String) async throws(BucketError) -> any ReportObject {
        let path = try path(bucket)
        return try await FileObject.begin(key, below: path)
    }

    public func discardUnfinished(_ key: String, in bucket: String) async throws(BucketError) {
        try await FileObject.discardUnfinished(key, below: try path(bucket))
    }

    private func path(_ bucket: String) throws(BucketError) -> String {
        guard let path = directories[bucket] else {
            throw BucketError(reason: "there is no bucket `\(bucket)`", path: bucket)
        }
        return path
    }
}
