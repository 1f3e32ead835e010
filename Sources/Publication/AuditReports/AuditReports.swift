public import Foundation
internal import Storage

/// What audit reports are made with: where they go, how often, and those that wait to be made.
public struct AuditReports: Sendable {
    /// AWS Private CA makes one report an authority in 30 minutes, in seconds.
    public static let minimumInterval: TimeInterval = 30 * 60

    let buckets: any ReportBuckets
    /// Seconds between two reports of one authority.
    let minimumInterval: TimeInterval
    let waiting: AsyncStream<Job>
    let queue: AsyncStream<Job>.Continuation

    /// A report that is to be made.
    struct Job: Sendable {
        let record: AuditReportRecord
        let format: AuditReportFormat
    }

    public init(buckets: any ReportBuckets, minimumInterval: TimeInterval = Self.minimumInterval) {
        self.buckets = buckets
        self.minimumInterval = minimumInterval
        (waiting, queue) = AsyncStream.makeStream(of: Job.self)
    }
}
