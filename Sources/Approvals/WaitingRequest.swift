public import Authorization
internal import Crypto
public import Foundation
internal import Identifiers
public import JSON
public import RecordKeeping
public import Storage

/// A request in the form in which it is stored for officers.
public struct WaitingRequest: Sendable {
    /// The operation's name, as in events.
    public let operation: String
    /// The operation's name for officers, such as `ACMPrivateCA.PutPolicy`.
    public let title: String
    /// An object with only the known members of the operation.
    public let input: JSONValue
    public let requester: Requester
    /// The number of officers that must approve.
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
    /// The limits of one principal's waiting requests, because each is stored completely.
    public static let mostWaiting = ApprovalLimits(count: 100, octets: 8 * 1024 * 1024)

    /// The record of the request, with the status PENDING.
    /// - Parameter content: the exact bytes that officers approve
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
