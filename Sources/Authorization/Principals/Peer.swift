/// What the kernel says of the process at the other end of the socket: the credentials it had when it connected
/// (`SO_PEERCRED`, `SO_PEERGROUPS`, unix(7)), and what it is now.
public struct Peer: Sendable, Hashable, Codable, CustomStringConvertible {
    public let pid: Int32
    public let uid: UInt32
    public let gid: UInt32
    /// Its supplementary groups.
    public var groups: [UInt32]
    /// Its control group, such as `/system.slice/issuer.service` (cgroups(7)). Nil when it cannot be told for sure.
    public var cgroup: String?
    /// The systemd unit that control group belongs to, such as `issuer.service`; nil when it belongs to none.
    public var unit: String?
    /// The absolute path of its program. Nil when the daemon may not look.
    public var executable: String?

    /// A peer the kernel says nothing of. No configuration can map it.
    public static let unknown = Peer(pid: 0, uid: .max, gid: .max)

    public init(
        pid: Int32, uid: UInt32, gid: UInt32, groups: [UInt32] = [], cgroup: String? = nil,
        executable: String? = nil
    ) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
        self.groups = groups
        self.cgroup = cgroup
        unit = cgroup.flatMap(SystemdUnit.name)
        self.executable = executable
    }

    public var description: String {
        var text = "uid=\(uid) gid=\(gid) pid=\(pid)"
        if let unit { text += " unit=\(unit)" }
        return text
    }
}

/// Which systemd unit a control group belongs to.
enum SystemdUnit {
    private static let kinds: Set<Substring> = ["service", "scope", "mount", "swap", "socket"]

    /// The first part of the path that is no slice: below it a unit arranges its processes as it likes, so what comes later
    /// proves nothing (sd_pid_get_unit(3)). Nil when that part is not the name of a unit.
    static func name(ofControlGroup path: String) -> String? {
        for part in path.split(separator: "/") {
            // systemd puts an underscore before names that the kernel could take for its own files.
            let name = part.hasPrefix("_") ? part.dropFirst() : part
            guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
            let kind = name[name.index(after: dot)...]
            if kind == "slice" { continue }
            return kinds.contains(kind) ? String(name) : nil
        }
        return nil
    }
}
