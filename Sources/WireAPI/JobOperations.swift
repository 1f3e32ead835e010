public import Foundation

/// Work of the daemon that is due at times.
public struct JobShape: Codable, Sendable, Hashable {
    public var name: String
    /// WAITING, RUNNING, or FAILING when the last run left something undone
    public var status: String
    /// Absent while it runs.
    public var dueAt: Date?
    public var startedAt: Date?
    public var endedAt: Date?
    /// What the last run left undone.
    public var reason: String?

    public init(
        name: String, status: String, dueAt: Date?, startedAt: Date?, endedAt: Date?, reason: String?
    ) {
        self.name = name
        self.status = status
        self.dueAt = dueAt
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.reason = reason
    }
}

public enum ListJobsOperation: WireOperation {
    public static let name = "ListJobs"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        public init() {}
        public func check(_ constraints: inout Constraints) {}
    }

    public struct Output: Codable, Sendable {
        public var jobs: [JobShape]

        public init(jobs: [JobShape]) { self.jobs = jobs }
    }
}
