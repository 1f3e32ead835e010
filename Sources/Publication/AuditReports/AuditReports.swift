public import Foundation
internal import Storage

/// The buckets of audit reports, their minimum interval, and the queue of reports to be made.
public struct AuditReports: Sendable {
    /// In seconds. AWS Private CA makes one report for each authority in 30 minutes.
    public static let minimumInterval: TimeInterval = 30 * 60

    let buckets: any ReportBuckets
    /// Minimum seconds between two reports of one authority.
    let minimumInterval: TimeInterval
    let waiting: AsyncStream<Job>
    let queue: AsyncStream<Job>.Continuation

    /// A report in the queue.
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
