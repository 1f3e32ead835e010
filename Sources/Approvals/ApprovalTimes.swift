public import Foundation

/// How long requests wait for officers, and how long those that ended are kept.
public struct ApprovalTimes: Sendable, Hashable {
    /// Seconds a request waits for officers.
    public var lifetime: TimeInterval
    /// Seconds that a request which ended is kept after its time is over.
    public var retention: TimeInterval

    public init(lifetime: TimeInterval = 72 * 3600, retention: TimeInterval = 90 * 86_400) {
        self.lifetime = lifetime
        self.retention = retention
    }
}
