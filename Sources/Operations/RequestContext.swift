internal import Audit
internal import Authorization
internal import Foundation
internal import JSON
internal import Storage
internal import WireAPI

/// One request while it is answered: its caller, the rulebook that decides about it, and its event.
struct RequestContext: Sendable {
    let requestID: String
    let time: Date
    let userAgent: String?
    let caller: Caller
    /// Why the caller cannot be held to account; nil when it can.
    let callerFault: String?
    /// Made of the rulebook that was in force when the body of the request was complete.
    let authorizer: Authorizer
    /// Nil for a caller without a principal.
    let principal: ARN?
    /// The approved request that is being carried out; nil for any other request.
    let approved: ApprovalRecord?

    init(
        requestID: String, userAgent: String?, from finding: CallerFinding,
        under authorizer: Authorizer
    ) {
        self.requestID = requestID
        self.userAgent = userAgent
        self.authorizer = authorizer
        time = Date()
        (caller, callerFault) = (finding.caller, finding.fault)
        if callerFault == nil,
            case .principal(let principal) = authorizer.rulebook.principals.identify(caller)
        {
            self.principal = principal.arn
        } else {
            principal = nil
        }
        approved = nil
    }

    /// The context of an approved request, on behalf of its requester.
    init(carryingOut approved: ApprovalRecord, for requester: Requester, under authorizer: Authorizer) {
        requestID = timeOrderedUUID()
        userAgent = nil
        time = Date()
        (caller, callerFault) = (requester.caller, nil)
        self.authorizer = authorizer
        principal = requester.principal.arn
        self.approved = approved
    }

    /// The caller as a principal, or the denial for a caller without one.
    func requester(for action: Action?) throws(AccessDenied) -> Requester {
        if let callerFault {
            throw AccessDenied(caller, action: action, reason: .changedCaller(callerFault))
        }
        return try authorizer.requester(caller, for: action)
    }

    func call(_ operation: String, scope: AuditScope, parameters: JSONValue) -> APICall {
        APICall(
            requestID: requestID, operation: operation, time: time, scope: scope, caller: caller,
            principal: principal, userAgent: userAgent, policyDigest: authorizer.rulebook.digest,
            approvalID: approved?.id,
            parameters: parameters)
    }
}
