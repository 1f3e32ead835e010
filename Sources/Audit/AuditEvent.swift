internal import Crypto
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

    init(id: String, time: Date, name: String, members: JSONObject) {
        var members = members
        members["eventVersion"] = "1.11"
        members["eventID"] = .string(id)
        members["eventTime"] = .string(Self.text(time))
        members["eventName"] = .string(name)
        members["eventSource"] = "acm-pca.amazonaws.com"
        members["eventCategory"] = "Management"
        self.id = id
        self.time = time
        self.name = name
        var body = Self.encode(members)
        if body.count > Self.mostBytes {
            // As CloudTrail does with what is too large for a record.
            for member in ["requestParameters", "responseElements"] {
                guard let value = members[member], value != .null else { continue }
                let bytes = value.encoded()
                members[member] = [
                    "omitted": true, "bytes": .integer(Int64(bytes.count)),
                    "sha256": .string(hexadecimal(SHA256.hash(data: bytes))),
                ]
            }
            body = Self.encode(members)
        }
        self.body = body
    }

    /// The most a leaf of the log can have (C2SP tlog-tiles: a length of 16 bits).
    private static let mostBytes = 65_535

    private static func encode(_ members: JSONObject) -> Data {
        JSONValue.object(members).encoded()
    }

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
        AuditEvent(
            id: timeOrderedUUID(), time: time, name: name,
            members: [
                "awsRegion": .string(scope.region),
                "eventType": "AwsServiceEvent",
                "recipientAccountId": .string(scope.account),
                "requestParameters": .null,
                "responseElements": .null,
                "serviceEventDetails": .object(details),
                "userIdentity": ["accountId": .string(scope.account), "invokedBy": "signet"],
            ])
    }
}
