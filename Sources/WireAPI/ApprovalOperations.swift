public import Foundation

/// A request that waits for the approval of officers, or waited for it.
public struct ApprovalShape: Codable, Sendable, Hashable {
    public struct Approval: Codable, Sendable, Hashable {
        public var principal: String
        public var uid: UInt32
        public var approvedAt: Date

        public init(principal: String, uid: UInt32, approvedAt: Date) {
            self.principal = principal
            self.uid = uid
            self.approvedAt = approvedAt
        }
    }

    public var id: String
    /// The operation's name, such as `ACMPrivateCA.IssueCertificate`.
    public var operation: String
    /// An ARN, or `*`.
    public var resource: String
    public var requester: String
    /// SHA-256 of ``content``, in hexadecimal.
    public var digest: String
    public var needed: Int
    public var approvals: [Approval]
    /// `PENDING`, `APPROVED` (while it is carried out), `COMPLETED`, `FAILED`, `REJECTED` or `EXPIRED`.
    public var status: String
    /// Why it was rejected, or why it could not be carried out.
    public var outcome: String?
    public var createdAt: Date
    public var expiresAt: Date
    public var certificateArn: String?
    /// The template of the certificate. Not in lists.
    public var templateArn: String?
    /// The approved content: DER of a TBSCertificate, or the operation and its input as JSON. Not in lists.
    public var content: Blob?

    public init(
        id: String, operation: String, resource: String, requester: String, digest: String, needed: Int,
        approvals: [Approval], status: String, outcome: String?, createdAt: Date, expiresAt: Date,
        certificateArn: String?, templateArn: String?, content: Blob?
    ) {
        self.id = id
        self.operation = operation
        self.resource = resource
        self.requester = requester
        self.digest = digest
        self.needed = needed
        self.approvals = approvals
        self.status = status
        self.outcome = outcome
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.certificateArn = certificateArn
        self.templateArn = templateArn
        self.content = content
    }
}

public enum ListApprovalsOperation: WireOperation {
    public static let name = "ListApprovals"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        public var status: String?
        public var maxResults: Int?
        /// The token from the previous page.
        public var nextToken: String?

        public init(status: String?, maxResults: Int? = nil, nextToken: String? = nil) {
            self.status = status
            self.maxResults = maxResults
            self.nextToken = nextToken
        }

        public func check(_ constraints: inout Constraints) {
            constraints.range(maxResults, "maxResults", 1...1000)
            constraints.length(nextToken, "nextToken", 1...500)
            constraints.oneOf(
                status, "status", ["PENDING", "APPROVED", "COMPLETED", "FAILED", "REJECTED", "EXPIRED"])
        }
    }

    public struct Output: Codable, Sendable {
        /// The newest first, at most 100.
        public var approvals: [ApprovalShape]
        /// Absent on the last page.
        public var nextToken: String?

        public init(approvals: [ApprovalShape], nextToken: String? = nil) {
            self.approvals = approvals
            self.nextToken = nextToken
        }
    }
}

/// The output of the operations on one request.
public struct ApprovalOutput: Codable, Sendable {
    public var approval: ApprovalShape

    public init(approval: ApprovalShape) { self.approval = approval }
}

public enum GetApprovalOperation: WireOperation {
    public static let name = "GetApproval"
    public static let service = WireService.signet
    public typealias Output = ApprovalOutput

    public struct Input: Codable, Sendable, Constrained {
        public var id: String

        public init(id: String) { self.id = id }

        public func check(_ constraints: inout Constraints) { constraints.length(id, "id", 36...36) }
    }
}

public enum ApproveRequestOperation: WireOperation {
    public static let name = "ApproveRequest"
    public static let service = WireService.signet
    public typealias Output = ApprovalOutput

    public struct Input: Codable, Sendable, Constrained {
        public var id: String
        /// The digest of the content that the officer examined.
        public var digest: String

        public init(id: String, digest: String) {
            self.id = id
            self.digest = digest
        }

        public func check(_ constraints: inout Constraints) {
            constraints.length(id, "id", 36...36)
            constraints.length(digest, "digest", 64...64)
        }
    }
}

public enum RejectRequestOperation: WireOperation {
    public static let name = "RejectRequest"
    public static let service = WireService.signet
    public typealias Output = ApprovalOutput

    public struct Input: Codable, Sendable, Constrained {
        public var id: String
        public var reason: String?

        public init(id: String, reason: String?) {
            self.id = id
            self.reason = reason
        }

        public func check(_ constraints: inout Constraints) {
            constraints.length(id, "id", 36...36)
            constraints.length(reason, "reason", 0...256)
        }
    }
}
