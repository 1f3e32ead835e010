public import Foundation
public import JSON
internal import PKIX

/// One line of the audit log: a CloudTrail record. It never contains data that could be secret.
public struct AuditEvent: Sendable, Hashable {
    /// A UUID, unique in the log.
    public let id: String
    public let time: Date
    public let name: String
    /// The record as one line of JSON.
    public let body: Data

    /// - Parameters:
    ///   - mostOctets: of the body; members that make it longer are replaced by their size and digest
    ///   - before: writes the members up to `errorMessage`
    ///   - after: writes those from `requestID` on
    init(
        id: String, time: Date, name: String, type: String, scope: AuditScope,
        mostOctets: Int = Self.mostOctets,
        before: (inout JSONMembers) -> Void, after: (inout JSONMembers) -> Void
    ) {
        self.id = id
        self.time = time
        self.name = name
        let whole = JSONMembers.text { record in
            before(&record)
            record.add("eventCategory", "Management")
            record.add("eventID", id)
            record.add("eventName", name)
            record.add("eventSource", "acm-pca.amazonaws.com")
            record.add("eventTime", Self.text(time))
            record.add("eventType", type)
            record.add("eventVersion", "1.11")
            record.add("recipientAccountId", scope.account)
            after(&record)
        }
        body = whole.count <= mostOctets ? whole : BoundedRecord.body(of: whole, atMost: mostOctets)
    }

    /// The most octets of any event: a leaf of the log has a length of 16 bits (C2SP tlog-tiles).
    /// Initializers enforce the limit, so the store needs no limit of its own.
    public static let mostOctets = 65_535

    /// The most octets of the event of a refused request. A caller without permissions can add only such
    /// events, and events are never removed.
    public static let mostOctetsOfRefusal = 7_936

    /// A time in the format of events.
    public static func text(_ time: Date) -> String {
        CivilTime(secondsSinceEpoch: Int64(time.timeIntervalSince1970.rounded(.down)))?.description ?? ""
    }
}

/// The owner of the log: the account and region of the daemon's ARNs.
public struct AuditScope: Sendable, Hashable {
    public let account: String
    public let region: String

    public init(account: String, region: String) {
        self.account = account
        self.region = region
    }
}

extension AuditEvent {
    /// An event of the daemon itself, or of a step of a request (CloudTrail's `AwsServiceEvent`).
    /// - Parameter request: the id of a request without an event of its own, so that this event is found by
    ///   it; at most one event for each request
    public static func service(
        _ event: ServiceEvent, scope: AuditScope, time: Date, inPlaceOf request: String? = nil,
        details: JSONObject
    ) -> AuditEvent {
        service(event, scope: scope, time: time, inPlaceOf: request) { members in
            for (name, value) in details { members.add(name, value) }
        }
    }

    /// The same, with a closure that writes the details member by member.
    public static func service(
        _ event: ServiceEvent, scope: AuditScope, time: Date, inPlaceOf request: String? = nil,
        details: (inout JSONMembers) -> Void
    ) -> AuditEvent {
        AuditEvent(
            id: request.flatMap { identifier(inPlaceOf: $0) } ?? timeOrderedUUID(), time: time,
            name: event.rawValue,
            type: "AwsServiceEvent", scope: scope,
            before: { $0.add("awsRegion", scope.region) },
            after: { record in
                record.add("requestParameters", .null)
                record.add("responseElements", .null)
                record.add("serviceEventDetails", details)
                record.add("userIdentity") { identity in
                    identity.add("accountId", scope.account)
                    identity.add("invokedBy", "signet")
                }
            })
    }

    /// The eventID of the request with this requestID. It is derived from the requestID, so that one index
    /// look-up finds an event by either; nil for text that is not a lower-case UUID.
    public static func identifier(ofRequest requestID: String) -> String? {
        uuid(requestID, changedBy: 1)
    }

    /// The eventID of the event that replaces the event of a request that never ended.
    public static func identifier(inPlaceOf requestID: String) -> String? {
        uuid(requestID, changedBy: 2)
    }
}
