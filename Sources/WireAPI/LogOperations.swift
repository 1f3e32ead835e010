public enum ListAuditEventsOperation: WireOperation {
    public static let name = "ListAuditEvents"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        /// The first index that is wanted; 0 is the oldest event.
        public var from: UInt64?
        public var maxResults: Int?

        public init(from: UInt64?, maxResults: Int?) {
            self.from = from
            self.maxResults = maxResults
        }

        public func check(_ constraints: inout Constraints) {
            constraints.range(maxResults, "maxResults", 1...1000)
        }
    }

    public struct Event: Codable, Sendable, Hashable {
        public var index: UInt64
        /// A CloudTrail record, one line of JSON: the very octets that are a leaf of the log.
        public var body: Blob

        public init(index: UInt64, body: Blob) {
            self.index = index
            self.body = body
        }
    }

    public struct Output: Codable, Sendable {
        public var events: [Event]

        public init(events: [Event]) { self.events = events }
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
        /// What it is verified with, in the form of C2SP signed-note.
        public var verifierKey: String?

        public init(checkpoint: String?, verifierKey: String?) {
            self.checkpoint = checkpoint
            self.verifierKey = verifierKey
        }
    }
}
