/// A caller as the daemon sees it.
public struct CallerShape: Codable, Sendable, Hashable {
    public var principalArn: String
    public var account: String
    /// The facts about the calling process that bindings can name.
    public var process: Process
    /// SHA-256 over all authorization rules in force, in hexadecimal.
    public var policyDigest: String

    public struct Process: Codable, Sendable, Hashable {
        public var pid: Int32
        public var uid: UInt32
        public var gid: UInt32
        /// The supplementary groups.
        public var groups: [UInt32]
        public var controlGroup: String?
        public var unit: String?
        public var executable: String?

        public init(
            pid: Int32, uid: UInt32, gid: UInt32, groups: [UInt32], controlGroup: String?, unit: String?,
            executable: String?
        ) {
            self.pid = pid
            self.uid = uid
            self.gid = gid
            self.groups = groups
            self.controlGroup = controlGroup
            self.unit = unit
            self.executable = executable
        }
    }

    public init(principalArn: String, account: String, process: Process, policyDigest: String) {
        self.principalArn = principalArn
        self.account = account
        self.process = process
        self.policyDigest = policyDigest
    }
}

/// What the policies say about a caller's requests for an action.
public struct AllowedActionShape: Codable, Sendable, Hashable {
    public var action: String
    /// `ALLOWED`, or `CONDITIONAL` when the contents of a request or officers' approvals decide
    public var access: String
    /// The deciding condition keys of CONDITIONAL.
    public var conditionKeys: [String]?
    /// The templates that this is true of; absent for an action without templates.
    public var templateArns: [String]?

    public init(action: String, access: String, conditionKeys: [String]?, templateArns: [String]?) {
        self.action = action
        self.access = access
        self.conditionKeys = conditionKeys
        self.templateArns = templateArns
    }
}

/// Shows the caller its principal, the facts it was recognized by, and what it may do.
public enum DescribeCallerOperation: WireOperation {
    public static let name = "DescribeCaller"
    public static let service = WireService.signet

    public struct Input: Codable, Sendable, Constrained {
        public var maxResults: Int?
        public var nextToken: String?

        public init(maxResults: Int? = nil, nextToken: String? = nil) {
            self.maxResults = maxResults
            self.nextToken = nextToken
        }

        public func check(_ constraints: inout Constraints) {
            constraints.range(maxResults, "maxResults", 1...1000)
            constraints.length(nextToken, "nextToken", 1...43_739)
        }
    }

    public struct Output: Codable, Sendable {
        public var caller: CallerShape
        /// The actions that are about no authority. Empty after the first page.
        public var actions: [AllowedActionShape]
        /// The authorities that the caller may use, in order of creation.
        public var certificateAuthorities: [Authority]
        public var nextToken: String?

        public init(
            caller: CallerShape, actions: [AllowedActionShape], certificateAuthorities: [Authority],
            nextToken: String?
        ) {
            self.caller = caller
            self.actions = actions
            self.certificateAuthorities = certificateAuthorities
            self.nextToken = nextToken
        }
    }

    public struct Authority: Codable, Sendable, Hashable {
        public var certificateAuthorityArn: String
        /// Absent for a caller that may not describe the authority, as is `status`.
        public var subject: ASN1Subject?
        public var status: String?
        public var actions: [AllowedActionShape]

        public init(
            certificateAuthorityArn: String, subject: ASN1Subject?, status: String?,
            actions: [AllowedActionShape]
        ) {
            self.certificateAuthorityArn = certificateAuthorityArn
            self.subject = subject
            self.status = status
            self.actions = actions
        }
    }
}
