/// What the kernel says of the process at the other end of the socket (`SO_PEERCRED`, unix(7)): who it was
/// when it connected.
public struct Peer: Sendable, Hashable, CustomStringConvertible {
    public let pid: Int32
    public let uid: UInt32
    public let gid: UInt32

    /// A peer the kernel says nothing of. No configuration can map it.
    public static let unknown = Peer(pid: 0, uid: .max, gid: .max)

    public init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }

    public var description: String { "uid=\(uid) gid=\(gid) pid=\(pid)" }
}

/// Somebody who asks: an ARN, and the policies that say what for.
public struct Principal: Sendable {
    public let arn: ARN
    public let policies: [Policy]
    /// What the policies can grant at most; nil for no permissions boundary.
    public let boundary: [Policy]?
    /// `aws:PrincipalTag/…`
    public let tags: [String: String]
    /// What conditions can ask about it.
    let context: ConditionContext

    public init(
        arn: ARN, policies: [Policy], boundary: [Policy]? = nil, tags: [String: String] = [:]
    ) {
        self.arn = arn
        self.policies = policies
        self.boundary = boundary
        self.tags = tags
        var context = ConditionContext()
        for (key, value) in tags { context.set("aws:PrincipalTag/\(key)", value) }
        context.set("aws:PrincipalArn", arn.description)
        context.set("aws:PrincipalAccount", arn.account)
        context.set("aws:PrincipalType", arn.resource.hasPrefix("user/") ? "User" : "AssumedRole")
        // Nothing leaves the machine on a Unix socket.
        context.set("aws:SecureTransport", "true")
        self.context = context
    }
}

/// Binds the kernel's facts to principals. A fact that is bound twice cannot be expressed.
public struct PrincipalMap: Sendable {
    private let byUID: [UInt32: Principal]
    private let byGID: [UInt32: Principal]

    public init(byUID: [UInt32: Principal], byGID: [UInt32: Principal]) {
        self.byUID = byUID
        self.byGID = byGID
    }

    /// The principal of a peer; nil for a peer nobody mapped. A binding of the user goes before one of its
    /// group.
    public func principal(for peer: Peer) -> Principal? {
        peer == .unknown ? nil : byUID[peer.uid] ?? byGID[peer.gid]
    }
}
