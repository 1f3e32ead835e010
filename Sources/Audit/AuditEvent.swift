public import Foundation
public import JSON
internal import PKIX

/// One line of the audit log: a CloudTrail record. What could hold a secret has no way in.
public struct AuditEvent: Sendable, Hashable {
    /// A UUID, unique in the log.
    public let id: String
    public let time: Date
    public let name: String
    /// The record as one line of JSON.
    public let body: Data

    /// - Parameters:
    ///   - before: writes the members up to `errorMessage`
    ///   - after: writes those from `requestID` on
    init(
        id: String, time: Date, name: String, type: String, scope: AuditScope,
        before: (inout JSONMembers) -> Void, after: (inout JSONMembers) -> Void
    ) {
        self.id = id
        self.time = time
        self.name = name
        body = JSONMembers.text { record in
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
    }

    /// The most a leaf of the log can have (C2SP tlog-tiles: a length of 16 bits).
    static let mostBytes = 65_535

    /// A time as events have it.
    public static func text(_ time: Date) -> String {
        CivilTime(secondsSinceEpoch: Int64(time.timeIntervalSince1970.rounded(.down)))?.description ?? ""
    }
}

/// Whose log it is: the account and region of the daemon's ARNs.
public struct AuditScope: Sendable, Hashable {
    public let account: String
    public let region: String

    public init(account: String, region: String) {
        self.account = account
        self.region = region
    }
}

extension AuditEvent {
    /// Something Signet did by itself or on the way to an answer (CloudTrail's `AwsServiceEvent`).
    public static func service(
        _ name: String, scope: AuditScope, time: Date, details: JSONObject
    ) -> AuditEvent {
        service(name, scope: scope, time: time) { members in
            for (name, value) in details { members.add(name, value) }
        }
    }

    /// The same with the details written member by member.
    public static func service(
        _ name: String, scope: AuditScope, time: Date, details: (inout JSONMembers) -> Void
    ) -> AuditEvent {
        AuditEvent(
            id: timeOrderedUUID(), time: time, name: name, type: "AwsServiceEvent", scope: scope,
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
}
