internal import PeerCredentials

/// The kernel's facts about the process at the other end of the socket: the credentials it had when it
/// connected (`SO_PEERCRED`, `SO_PEERGROUPS`, unix(7)), and its control group and program now.
public struct Peer: Sendable, Hashable, Codable, CustomStringConvertible {
    /// A user of a subordinate range, which an ordinary user can become in a user namespace (subuid(5)).
    public struct Subordinate: Sendable, Hashable, Codable {
        /// The user that owns the range; nil when it has no account here.
        public var owner: UInt32?

        public init(owner: UInt32?) { self.owner = owner }
    }

    public let pid: Int32
    public let uid: UInt32
    public let gid: UInt32
    /// Its supplementary groups.
    public var groups: [UInt32]
    /// Its control group, such as `/system.slice/issuer.service` (cgroups(7)): printable ASCII. Nil when it
    /// is not known for certain.
    public var cgroup: String?
    /// The systemd unit that control group belongs to, such as `issuer.service`; nil when it belongs to none.
    public var unit: String?
    /// The absolute path of its program. Nil when the daemon may not read it.
    public var executable: String?
    /// Nil for an ordinary user.
    public var subordinate: Subordinate?

    /// A peer without any facts. No configuration can map it.
    public static let unknown = Peer(pid: 0, uid: .max, gid: .max)

    /// - Parameter cgroup: a path that is not printable ASCII results in neither a control group nor a unit
    public init(
        pid: Int32, uid: UInt32, gid: UInt32, groups: [UInt32] = [], cgroup: String? = nil,
        executable: String? = nil, subordinate: Subordinate? = nil
    ) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
        self.groups = groups
        let group = cgroup.flatMap { ControlGroup(path: $0.utf8) }
        self.cgroup = group?.path
        unit = group?.unit
        self.executable = executable
        self.subordinate = subordinate
    }

    public var description: String {
        var text = "uid=\(uid) gid=\(gid) pid=\(pid)"
        if let unit { text += " unit=\(unit)" }
        return text
    }
}
