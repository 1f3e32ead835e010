public import Foundation

/// The policies in force.
public struct RulebookShape: Codable, Sendable, Hashable {
    /// SHA-256 over all authorization rules of the configuration, in hexadecimal.
    public var digest: String
    /// The time since it is in force.
    public var since: Date
    public var principals: Int

    public init(digest: String, since: Date, principals: Int) {
        self.digest = digest
        self.since = since
        self.principals = principals
    }
}

public enum DescribePolicyOperation: WireOperation {
    public static let name = "DescribePolicy"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        public init() {}
        public func check(_ constraints: inout Constraints) {}
    }

    public struct Output: Codable, Sendable {
        public var policy: RulebookShape

        public init(policy: RulebookShape) { self.policy = policy }
    }
}

public enum ReloadPolicyOperation: WireOperation {
    public static let name = "ReloadPolicy"
    public static let service = WireService.signet
    public typealias Input = DescribePolicyOperation.Input

    public struct Output: Codable, Sendable {
        public var policy: RulebookShape
        public var previousDigest: String

        public init(policy: RulebookShape, previousDigest: String) {
            self.policy = policy
            self.previousDigest = previousDigest
        }
    }
}

public enum GetAuditEventOperation: WireOperation {
    public static let name = "GetAuditEvent"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        /// An eventID or requestID.
        public var id: String

        public init(id: String) { self.id = id }

        public func check(_ constraints: inout Constraints) { constraints.length(id, "id", 36...36) }
    }

    public struct Output: Codable, Sendable {
        /// A CloudTrail record, as one line of JSON.
        public var event: String

        public init(event: String) { self.event = event }
    }
}
