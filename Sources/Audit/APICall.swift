public import Authorization
public import Foundation
public import JSON
internal import Synchronization

/// One request as the log tells it: who, what, when. It becomes exactly one event, whatever comes of the
/// request.
public final class APICall: Sendable {
    /// Also the answer's `x-amzn-RequestId`.
    public let requestID: String
    private let eventID = timeOrderedUUID()
    /// The operation's name, such as `IssueCertificate`.
    public let operation: String
    public let time: Date
    public let scope: AuditScope
    public let peer: Peer
    /// Nil for a peer nobody mapped.
    public let principal: ARN?
    public let userAgent: String?
    /// Of the rulebook that decides about it.
    public let policyDigest: String
    /// Of the request that officers approved, when this carries it out.
    private let approvalID: String?
    private let decision = DecisionNote()
    /// The request in CloudTrail's lower camel case; null when it could not be read.
    public let parameters: JSONValue

    public init(
        requestID: String, operation: String, time: Date, scope: AuditScope, peer: Peer, principal: ARN?,
        userAgent: String?, policyDigest: String, approvalID: String? = nil, parameters: JSONValue
    ) {
        self.requestID = requestID
        self.operation = operation
        self.time = time
        self.scope = scope
        self.peer = peer
        self.principal = principal
        self.userAgent = userAgent
        self.policyDigest = policyDigest
        self.approvalID = approvalID
        self.parameters = parameters
    }

    /// Keeps what conditions were asked of, for whoever wants to know why it was decided so.
    public func note(_ context: ConditionContext) { decision.set(context) }

    /// The event of a request that was done. `statement` is the policy statement that allowed it.
    public func succeeded(statement: String, response: JSONValue = .null) -> AuditEvent {
        event(["responseElements": response], statement: statement)
    }

    /// The event of a request that was refused or failed.
    public func failed(code: String, message: String) -> AuditEvent {
        event(["responseElements": .null, "errorCode": .string(code), "errorMessage": .string(message)])
    }

    private func event(_ outcome: JSONObject, statement: String? = nil) -> AuditEvent {
        var additional: JSONObject = [
            "peer": peer.json, "policyDigest": .string(policyDigest),
        ]
        if let approvalID { additional["approvalRequestID"] = .string(approvalID) }
        if let context = decision.context {
            additional["requestContext"] = .object(
                JSONObject(
                    context.entries.lazy.map { ($0.key, .array($0.values.map { .string($0) })) }))
        }
        if let statement { additional["policyStatement"] = .string(statement) }
        var members: JSONObject = [
            "additionalEventData": .object(additional),
            "awsRegion": .string(scope.region),
            "eventType": "AwsApiCall",
            "recipientAccountId": .string(scope.account),
            "requestID": .string(requestID),
            "requestParameters": parameters,
            "sourceIPAddress": "unix",
            "userIdentity": identity,
        ]
        if let userAgent { members["userAgent"] = .string(String(userAgent.prefix(256))) }
        members.merge(outcome)
        return AuditEvent(id: eventID, time: time, name: operation, members: members)
    }

    private var identity: JSONValue {
        guard let principal else { return ["type": "Unknown"] }
        return [
            "accountId": .string(principal.account),
            "arn": .string(principal.description),
            "type": principal.resource.hasPrefix("user/") ? "IAMUser" : "Role",
        ]
    }
}

/// What was known when a call was decided; it is told once, and before the event is made.
private final class DecisionNote: Sendable {
    private let noted = Mutex<ConditionContext?>(nil)

    var context: ConditionContext? { noted.withLock { $0 } }

    func set(_ context: ConditionContext) { noted.withLock { $0 = context } }
}

extension Peer {
    /// As the log shows it.
    public var json: JSONValue {
        var members: JSONObject = [
            "gid": .integer(Int64(gid)), "pid": .integer(Int64(pid)), "uid": .integer(Int64(uid)),
        ]
        if !groups.isEmpty { members["groups"] = .array(groups.map { .integer(Int64($0)) }) }
        if let cgroup { members["cgroup"] = .string(cgroup) }
        if let unit { members["unit"] = .string(unit) }
        if let executable { members["executable"] = .string(executable) }
        return .object(members)
    }
}
