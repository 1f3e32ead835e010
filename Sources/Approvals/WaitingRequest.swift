public import Authorization
internal import Crypto
public import Foundation
internal import Identifiers
public import RecordKeeping
public import Storage

/// A request as it is kept while it waits for officers.
public struct WaitingRequest: Sendable {
    /// The operation's `X-Amz-Target`.
    public let target: String
    /// Its input, as it came.
    public let body: Data
    public let requester: Requester
    /// How many officers must approve.
    public let needed: Int

    public init(target: String, body: Data, requester: Requester, needed: Int) {
        self.target = target
        self.body = body
        self.requester = requester
        self.needed = needed
    }
}

extension WaitingRequest {
    /// Of one principal: each request is kept whole.
    public static let mostWaiting = ApprovalLimits(count: 100, octets: 8 * 1024 * 1024)

    /// The record of the request, which waits from now on.
    /// - Parameter content: what officers approve, to the byte
    public func approval(
        about resource: String, content: Data, serialNumber: String?, at date: Date, lifetime: TimeInterval
    ) throws(CAError) -> ApprovalRecord {
        let peer: Data
        do { peer = try JSONEncoder().encode(requester.caller) } catch {
            throw .requestFailed("the request cannot be kept for approval")
        }
        return ApprovalRecord(
            id: UUID().uuidString.lowercased(), target: target, body: body,
            resource: resource,
            requester: requester.principal.arn.description, peer: peer, content: content,
            digest: hexadecimal(SHA256.hash(data: content)), serialNumber: serialNumber,
            needed: needed, createdAt: date, expiresAt: date.addingTimeInterval(lifetime))
    }
}
