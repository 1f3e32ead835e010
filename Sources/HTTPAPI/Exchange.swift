internal import Audit
internal import Authorization
internal import Foundation
internal import JSON
internal import WireAPI

/// One request while it is being answered: who asks, and what the log will say.
struct Exchange: Sendable {
    let requestID: String
    let time: Date
    let peer: Peer
    let principal: ARN?
    let userAgent: String?

    func call(_ operation: String, scope: AuditScope, parameters: JSONValue) -> APICall {
        APICall(
            requestID: requestID, operation: operation, time: time, scope: scope, peer: peer,
            principal: principal,
            userAgent: userAgent, parameters: parameters)
    }
}
