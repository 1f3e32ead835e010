public import Foundation

/// How long requests wait for officers, and how long ended requests are kept.
public struct ApprovalTimes: Sendable, Hashable {
    /// Seconds that a request waits for officers.
    public var lifetime: TimeInterval
    /// Seconds that an ended request is kept after its expiry time.
    public var retention: TimeInterval

    public init(lifetime: TimeInterval = 72 * 3600, retention: TimeInterval = 90 * 86_400) {
        self.lifetime = lifetime
        self.retention = retention
    }
}
