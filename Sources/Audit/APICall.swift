public import Authorization
public import Foundation
public import JSON
internal import OctetText
internal import Synchronization

/// One request as the log tells it: who, what, when. It becomes exactly one event, whatever comes of the
/// request.
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
    /// Of the rulebook that decides about it.
    public let policyDigest: String
    /// Of the request that officers approved, when this carries it out.
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

    /// Keeps what the conditions were evaluated on, so that the decision can be explained.
    public func note(_ context: ConditionContext) { decision.set(context) }

    /// The event of a request that was done. `statement` is the policy statement that allowed it. Only an ``Answer`` is
    /// recorded with it.
    func succeeded(statement: String, response: JSONValue) -> AuditEvent {
        event(statement, response, nil, mostOctets: AuditEvent.mostOctets)
    }

    /// The event of a request that was refused or failed.
    public func failed(code: String, message: String) -> AuditEvent {
        event(nil, .null, (code, message), mostOctets: AuditEvent.mostOctetsOfRefusal)
    }

    /// Octets of a `User-Agent` that are kept.
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
                    // Half of the keys of a certificate have no value, and the log never forgets.
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
