public import Foundation

/// The limits of one principal's waiting requests, because each is stored completely.
public struct ApprovalLimits: Sendable, Hashable {
    /// Requests.
    public var count: Int
    /// Octets of their inputs and of the approved content.
    public var octets: Int

    public init(count: Int, octets: Int) {
        self.count = count
        self.octets = octets
    }
}

/// The number and size of one principal's waiting requests.
public struct PendingApprovals: Sendable, Hashable {
    public var count: Int
    /// Octets of their inputs and of the approved content.
    public var octets: Int

    public init(count: Int, octets: Int) {
        self.count = count
        self.octets = octets
    }

    /// - Parameter more: octets of a further request
    public func leaveRoom(for more: Int, within limits: ApprovalLimits) -> Bool {
        count < limits.count && octets + more <= limits.octets
    }
}

/// The part of an ``ApprovalRecord`` for lists: without input, content and the requester's process.
public struct ApprovalSummary: Sendable, Hashable {
    public var id: String
    /// The name of the operation.
    public var operation: String
    public var resource: String
    public var requester: String
    public var digest: String
    public var serialNumber: String?
    public var needed: Int
    public var approvals: [ApprovalRecord.Approval]
    public var status: ApprovalRecord.Status
    public var outcome: String?
    public var createdAt: Date
    public var expiresAt: Date

    public init(_ record: ApprovalRecord) {
        id = record.id
        operation = record.operation.name
        resource = record.resource
        requester = record.requester
        digest = record.digest
        serialNumber = record.serialNumber
        needed = record.needed
        approvals = record.approvals
        status = record.status
        outcome = record.outcome
        createdAt = record.createdAt
        expiresAt = record.expiresAt
    }
}

/// A request that waits until enough officers approve it.
public struct ApprovalRecord: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable {
        case pending = "PENDING"
        /// It is being carried out.
        case approved = "APPROVED"
        case completed = "COMPLETED"
        /// It was approved and could not be carried out: ``outcome`` says why.
        case failed = "FAILED"
        case rejected = "REJECTED"
        case expired = "EXPIRED"
    }

    /// The requested operation. It is stored until it is carried out, so its form is independent of changes
    /// of the API.
    public struct Operation: Sendable, Hashable {
        /// The current form of inputs.
        public static let currentVersion = 1

        /// The name as in events, such as `PutPolicy`.
        public var name: String
        /// The form of ``input``. 1: an object with the members of the operation, as Docs/API.md lists them.
        public var version: Int
        /// JSON.
        public var input: Data

        public init(name: String, version: Int = currentVersion, input: Data) {
            self.name = name
            self.version = version
            self.input = input
        }
    }

    /// One officer's approval.
    public struct Approval: Sendable, Hashable, Codable {
        /// The officer's ARN.
        public var principal: String
        public var uid: UInt32
        /// The kernel's facts about the officer's process, as JSON.
        public var peer: Data
        public var time: Date

        public init(principal: String, uid: UInt32, peer: Data, time: Date) {
            self.principal = principal
            self.uid = uid
            self.peer = peer
            self.time = time
        }
    }

    /// A lower-case UUID.
    public var id: String
    public var operation: Operation
    /// The ARN of the request's authority, or `*`.
    public var resource: String
    /// An ARN.
    public var requester: String
    /// The kernel's facts about the requester's process, as JSON.
    public var peer: Data
    /// The exact bytes that are approved: DER of the TBSCertificate, or the operation and its input as JSON.
    public var content: Data
    /// SHA-256 of ``content``, in hexadecimal.
    public var digest: String
    /// The serial number of the requested certificate; nil for other operations.
    public var serialNumber: String?
    /// The number of officers that must approve.
    public var needed: Int
    public var approvals: [Approval]
    public var status: Status
    /// Why it was rejected, or why it could not be carried out.
    public var outcome: String?
    public var createdAt: Date
    public var expiresAt: Date
    public var revision: Int64

    public init(
        id: String, operation: Operation, resource: String, requester: String, peer: Data, content: Data,
        digest: String, serialNumber: String?, needed: Int, approvals: [Approval] = [],
        status: Status = .pending, outcome: String? = nil, createdAt: Date, expiresAt: Date,
        revision: Int64 = 0
    ) {
        self.id = id
        self.operation = operation
        self.resource = resource
        self.requester = requester
        self.peer = peer
        self.content = content
        self.digest = digest
        self.serialNumber = serialNumber
        self.needed = needed
        self.approvals = approvals
        self.status = status
        self.outcome = outcome
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revision = revision
    }

    /// The octets that count toward ``ApprovalLimits/octets``.
    public var octets: Int { operation.input.count + content.count }

    /// The missing approvals in words, such as `the approval of 2 officers`.
    public var wanted: String { "the approval of \(needed) \(needed == 1 ? "officer" : "officers")" }
}
