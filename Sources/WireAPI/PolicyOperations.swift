public import Foundation

/// The input of GetPolicy and DeletePolicy.
public struct ResourceArnInput: Codable, Sendable, Constrained {
    public var resourceArn: String

    public init(resourceArn: String) { self.resourceArn = resourceArn }

    public func check(_ constraints: inout Constraints) { constraints.arn(resourceArn, "resourceArn") }
}

public enum PutPolicyOperation: WireOperation {
    public static let name = "PutPolicy"
    public typealias Output = EmptyOutput

    public struct Input: Codable, Sendable, Constrained {
        public var resourceArn: String
        /// The JSON text of the policy.
        public var policy: String

        public init(resourceArn: String, policy: String) {
            self.resourceArn = resourceArn
            self.policy = policy
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(resourceArn, "resourceArn")
            constraints.length(policy, "policy", 1...81_920)
            let isLatin = policy.unicodeScalars.allSatisfy {
                [0x09, 0x0A, 0x0D].contains($0.value) || (0x20...0xFF).contains($0.value)
            }
            if !isLatin {
                constraints.add(
                    "…", "policy",
                    "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+")
            }
        }
    }
}

public enum GetPolicyOperation: WireOperation {
    public static let name = "GetPolicy"
    public typealias Input = ResourceArnInput

    public struct Output: Codable, Sendable {
        public var policy: String

        public init(policy: String) { self.policy = policy }
    }
}

public enum DeletePolicyOperation: WireOperation {
    public static let name = "DeletePolicy"
    public typealias Input = ResourceArnInput
    public typealias Output = EmptyOutput
}

/// API reference, `Permission`.
public struct PermissionShape: Codable, Sendable, Hashable {
    public var certificateAuthorityArn: String
    public var createdAt: Date
    public var principal: String
    public var sourceAccount: String
    public var actions: [String]
    /// The permission as an equivalent policy.
    public var policy: String

    public init(
        certificateAuthorityArn: String, createdAt: Date, principal: String, sourceAccount: String,
        actions: [String], policy: String
    ) {
        self.certificateAuthorityArn = certificateAuthorityArn
        self.createdAt = createdAt
        self.principal = principal
        self.sourceAccount = sourceAccount
        self.actions = actions
        self.policy = policy
    }
}

public enum CreatePermissionOperation: WireOperation {
    public static let name = "CreatePermission"
    public typealias Output = EmptyOutput

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityArn: String
        public var principal: String
        public var sourceAccount: String?
        public var actions: [String]

        public init(
            certificateAuthorityArn: String, principal: String, sourceAccount: String?, actions: [String]
        ) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.principal = principal
            self.sourceAccount = sourceAccount
            self.actions = actions
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.servicePrincipal(principal, sourceAccount)
            constraints.count(actions.count, "actions", 1...3)
            for (index, action) in actions.enumerated() {
                constraints.oneOf(
                    action, "actions.\(index + 1).member",
                    ["IssueCertificate", "GetCertificate", "ListPermissions"])
            }
        }
    }
}

public enum DeletePermissionOperation: WireOperation {
    public static let name = "DeletePermission"
    public typealias Output = EmptyOutput

    public struct Input: Codable, Sendable, Constrained {
        public var certificateAuthorityArn: String
        public var principal: String
        public var sourceAccount: String?

        public init(certificateAuthorityArn: String, principal: String, sourceAccount: String?) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.principal = principal
            self.sourceAccount = sourceAccount
        }

        public func check(_ constraints: inout Constraints) {
            constraints.arn(certificateAuthorityArn, "certificateAuthorityArn")
            constraints.servicePrincipal(principal, sourceAccount)
        }
    }
}

extension Constraints {
    fileprivate mutating func servicePrincipal(_ principal: String, _ account: String?) {
        length(principal, "principal", 0...128)
        if principal.isEmpty || principal.contains("*") {
            add(principal, "principal", "Member must satisfy regular expression pattern: [^*]+")
        }
        length(account, "sourceAccount", 12...12)
        if let account, !account.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            add(account, "sourceAccount", "Member must satisfy regular expression pattern: [0-9]+")
        }
    }
}

public enum ListPermissionsOperation: WireOperation {
    public static let name = "ListPermissions"
    public typealias Input = AuthorityPageInput

    public struct Output: Codable, Sendable {
        public var permissions: [PermissionShape]
        public var nextToken: String?

        public init(permissions: [PermissionShape], nextToken: String?) {
            self.permissions = permissions
            self.nextToken = nextToken
        }
    }
}
