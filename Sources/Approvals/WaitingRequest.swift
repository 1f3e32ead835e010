public import Authorization
internal import Crypto
public import Foundation
internal import Identifiers
public import JSON
public import RecordKeeping
public import Storage

/// A request as it is kept while it waits for officers.
public struct WaitingRequest: Sendable {
    /// The operation's name, which events have too.
    public let operation: String
    /// The operation as officers see it, such as `ACMPrivateCA.PutPolicy`.
    public let title: String
    /// An object with the members of the operation, and no others.
    public let input: JSONValue
    public let requester: Requester
    /// How many officers must approve.
    public let needed: Int

    public init(operation: String, title: String, input: JSONValue, requester: Requester, needed: Int) {
        self.operation = operation
        self.title = title
        self.input = input
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
            id: UUID().uuidString.lowercased(),
            operation: .init(name: operation, input: input.encoded()), resource: resource,
            requester: requester.principal.arn.description, peer: peer, content: content,
            digest: hexadecimal(SHA256.hash(data: content)), serialNumber: serialNumber,
            needed: needed, createdAt: date, expiresAt: date.addingTimeInterval(lifetime))
    }
}
