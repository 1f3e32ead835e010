public import Foundation

public enum ListAuditEventsOperation: WireOperation {
    public static let name = "ListAuditEvents"
    public static let service = WireService.signet

    /// An event must match every member that is present.
    public struct Input: Codable, Sendable, Constrained {
        /// The first index to examine; 0 is the oldest event. Without it, the search begins at the first
        /// event that can have `startTime`.
        public var from: UInt64?
        public var maxResults: Int?
        public var eventName: String?
        /// An ARN or its last part, such as `role/issuer`.
        public var principal: String?
        public var certificateAuthorityArn: String?
        /// The outcome of a request: SUCCEEDED, DENIED or FAILED.
        public var outcome: String?
        /// Hexadecimal, with or without colons.
        public var serialNumber: String?
        /// CKA_ID of the key of a signature, in hexadecimal.
        public var keyIdentifier: String?
        public var startTime: Date?
        /// Events must be earlier than this time.
        public var endTime: Date?

        public init(from: UInt64? = nil, maxResults: Int? = nil) {
            self.from = from
            self.maxResults = maxResults
        }

        public func check(_ constraints: inout Constraints) {
            constraints.range(from, "from", 0...UInt64(Int64.max) - 1)
            constraints.range(maxResults, "maxResults", 1...1000)
            constraints.length(eventName, "eventName", 1...64)
            constraints.matches(eventName, "eventName", /[A-Za-z]+/, "[A-Za-z]+")
            constraints.length(principal, "principal", 1...256)
            constraints.matches(
                principal, "principal", /(?:arn:[\w\-]+:iam::[0-9]{12}:)?(?:role|user)\/[\w+=,.@\/\-]+/,
                "(arn:[\\w-]+:iam::[0-9]{12}:)?(role|user)/[\\w+=,.@/-]+")
            if let certificateAuthorityArn {
                constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            }
            constraints.oneOf(outcome, "outcome", ["SUCCEEDED", "DENIED", "FAILED"])
            constraints.hexadecimal(serialNumber, "serialNumber")
            constraints.hexadecimal(keyIdentifier, "keyIdentifier")
            constraints.period(startTime, "startTime", endTime, "endTime")
        }
    }

    public struct Event: Codable, Sendable, Hashable {
        public var index: UInt64
        /// A CloudTrail record, one line of JSON. These are the exact octets of the log's leaf.
        public var body: Blob

        public init(index: UInt64, body: Blob) {
            self.index = index
            self.body = body
        }
    }

    public struct Output: Codable, Sendable {
        public var events: [Event]
        /// The first index that was not examined; pass it as `from` to continue.
        public var nextFrom: UInt64
        /// Whether there are more events to examine. A call examines at most 10,000 events, so that a page
        /// can be empty.
        public var isTruncated: Bool
        /// The number of events in the log.
        public var logSize: UInt64

        public init(events: [Event], nextFrom: UInt64, isTruncated: Bool, logSize: UInt64) {
            self.events = events
            self.nextFrom = nextFrom
            self.isTruncated = isTruncated
            self.logSize = logSize
        }
    }
}

public enum GetCheckpointOperation: WireOperation {
    public static let name = "GetCheckpoint"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        public init() {}
        public func check(_ constraints: inout Constraints) {}
    }

    public struct Output: Codable, Sendable {
        /// A signed note; absent for an empty log.
        public var checkpoint: String?
        /// The verifier key, in the form of C2SP signed-note.
        public var verifierKey: String?

        public init(checkpoint: String?, verifierKey: String?) {
            self.checkpoint = checkpoint
            self.verifierKey = verifierKey
        }
    }
}
