public import Authorization
public import Foundation
public import JSON
internal import OctetText
internal import Synchronization

/// One request in the form of the log: caller, operation and time. It becomes exactly one event, whether the
/// request succeeds or fails.
public final class APICall: Sendable {
    /// Also the answer's `x-amzn-RequestId`.
    public let requestID: String
    private let eventID: String
    /// The operation's name, such as `IssueCertificate`.
    public let operation: String
    public let time: Date
    public let scope: AuditScope
    public let caller: Caller
    /// Nil for a caller without a principal.
    public let principal: ARN?
    public let userAgent: String?
    /// The digest of the rulebook that decides the request.
    public let policyDigest: String
    /// The id of the approved request that this call carries out; nil for any other call.
    private let approvalID: String?
    private let decision = DecisionNote()
    /// The request in CloudTrail's lower camel case; null when it could not be read.
    public let parameters: JSONValue

    public init(
        requestID: String, operation: String, time: Date, scope: AuditScope, caller: Caller, principal: ARN?,
        userAgent: String?, policyDigest: String, approvalID: String? = nil, parameters: JSONValue
    ) {
        self.requestID = requestID
        eventID = AuditEvent.identifier(ofRequest: requestID) ?? timeOrderedUUID()
        self.operation = operation
        self.time = time
        self.scope = scope
        self.caller = caller
        self.principal = principal
        self.userAgent = userAgent
        self.policyDigest = policyDigest
        self.approvalID = approvalID
        self.parameters = parameters
    }

    /// Stores the condition keys and values of the decision, so that the decision can be explained.
    public func setContext(_ context: ConditionContext) { decision.set(context) }

    /// The event of a successful request. `statement` is the policy statement that allowed it. Only
    /// ``Answer`` uses it.
    func succeeded(statement: String, response: JSONValue) -> AuditEvent {
        event(statement, response, nil, mostOctets: AuditEvent.mostOctets)
    }

    /// The event of a request that was refused or failed.
    public func failed(code: String, message: String) -> AuditEvent {
        event(nil, .null, (code, message), mostOctets: AuditEvent.mostOctetsOfRefusal)
    }

    /// The maximum octets that are kept of a `User-Agent`.
    private static let mostUserAgentOctets = 256

    private func event(
        _ statement: String?, _ response: JSONValue, _ error: (code: String, message: String)?,
        mostOctets: Int
    ) -> AuditEvent {
        AuditEvent(
            id: eventID, time: time, name: operation, type: "AwsApiCall", scope: scope,
            mostOctets: mostOctets,
            before: { record in
                record.add("additionalEventData") { data in
                    if let approvalID { data.add("approvalRequestID", approvalID) }
                    switch caller {
                    case .process(let peer): data.add("peer", peer.json)
                    }
                    data.add("policyDigest", policyDigest)
                    if let statement { data.add("policyStatement", statement) }
                    // Half of a certificate's keys have no value, and events are never removed, so keys
                    // without a value are left out.
                    if let context = decision.context {
                        data.add("requestContext", lists: context.entriesWithValues)
                    }
                }
                record.add("awsRegion", scope.region)
                if let error {
                    record.add("errorCode", error.code)
                    record.add("errorMessage", error.message)
                }
            },
            after: { record in
                record.add("requestID", requestID)
                record.add("requestParameters", parameters)
                record.add("responseElements", response)
                record.add("sourceIPAddress", "unix")
                if let userAgent {
                    record.add("userAgent", userAgent.prefix(octets: Self.mostUserAgentOctets))
                }
                record.add("userIdentity", identify)
            })
    }

    private func identify(_ identity: inout JSONMembers) {
        guard let principal else { return identity.add("type", "Unknown") }
        identity.add("accountId", principal.account)
        identity.add("arn", principal.description)
        identity.add("type", principal.resource.hasOctetPrefix("user/") ? "IAMUser" : "Role")
    }
}

/// The condition context of the decision. It is set once, before the event is made.
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
