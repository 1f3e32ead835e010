/// The facts that a peer must have to be a principal. A peer must match all of them.
public struct Binding: Sendable, Hashable, CustomStringConvertible {
    public var uid: UInt32?
    /// The primary group, or one of the supplementary ones.
    public var gid: UInt32?
    public var unit: String?
    /// The control group or one above it.
    public var cgroup: String?
    public var executable: String?

    public init(
        uid: UInt32? = nil, gid: UInt32? = nil, unit: String? = nil, cgroup: String? = nil,
        executable: String? = nil
    ) {
        self.uid = uid
        self.gid = gid
        self.unit = unit
        self.cgroup = cgroup
        self.executable = executable
    }

    public var description: String {
        let facts: [(String, String?)] = [
            ("uid", uid.map(String.init)), ("gid", gid.map(String.init)), ("unit", unit), ("cgroup", cgroup),
            ("executable", executable),
        ]
        return facts.compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
    }

    private enum Fact { case uid, gid, unit, cgroup, executable }

    private var facts: Set<Fact> {
        var facts: Set<Fact> = []
        if uid != nil { facts.insert(.uid) }
        if gid != nil { facts.insert(.gid) }
        if unit != nil { facts.insert(.unit) }
        if cgroup != nil { facts.insert(.cgroup) }
        if executable != nil { facts.insert(.executable) }
        return facts
    }

    /// Whether the binding has no fact. Such a binding would match every peer and is refused.
    public var isEmpty: Bool { self == Binding() }

    func matches(_ caller: Caller) -> Bool {
        switch caller {
        case .process(let peer): matches(peer)
        }
    }

    private func matches(_ peer: Peer) -> Bool {
        if peer == .unknown || isEmpty { return false }
        if let uid, uid != peer.uid { return false }
        // An ordinary user can become a subordinate user and keeps its groups. It must not escape the entry
        // of its own user.
        if uid == nil, gid != nil, peer.subordinate != nil { return false }
        if let gid, gid != peer.gid, !peer.groups.contains(gid) { return false }
        if let unit, !Self.areEqual(unit, peer.unit) { return false }
        if let cgroup, !(peer.cgroup.map { Self.isWithin($0, cgroup) } ?? false) { return false }
        if let executable, !Self.areEqual(executable, peer.executable) { return false }
        return true
    }

    /// Whether it names a group and no other fact.
    public var isGroupAlone: Bool { facts == [.gid] }

    /// Compares octets, because `==` of strings treats canonically equivalent texts as equal.
    private static func areEqual(_ one: String, _ other: String?) -> Bool {
        other.map { one.utf8.elementsEqual($0.utf8) } ?? false
    }

    /// Whether it precedes another binding that matches the same peers. A binding with a user precedes one
    /// without, and one with more facts precedes one with a part of them.
    private func precedes(_ other: Binding) -> Bool {
        if (uid != nil) != (other.uid != nil) { return uid != nil }
        if facts != other.facts { return facts.isSuperset(of: other.facts) }
        guard let cgroup, let outer = other.cgroup, cgroup != outer else { return false }
        return gid == other.gid && Self.isWithin(cgroup, outer)
    }

    /// The same for this caller: its primary group precedes its other groups.
    func precedes(_ other: Binding, for caller: Caller) -> Bool {
        if precedes(other) { return true }
        switch caller {
        case .process(let peer): return isOfPrimaryGroup(other, of: peer)
        }
    }

    private func isOfPrimaryGroup(_ other: Binding, of peer: Peer) -> Bool {
        !other.precedes(self) && gid == peer.gid && other.gid != nil && other.gid != peer.gid
            && facts == other.facts
    }

    /// Whether a peer can match both bindings and neither precedes the other. Two groups do not count: a peer
    /// that matches both is refused.
    public func isAmbiguous(with other: Binding) -> Bool {
        guard Self.areCompatible(uid, other.uid), Self.areCompatible(unit, other.unit),
            Self.areCompatible(executable, other.executable)
        else { return false }
        if let cgroup, let other = other.cgroup, !Self.isWithin(cgroup, other), !Self.isWithin(other, cgroup)
        {
            return false
        }
        if precedes(other) || other.precedes(self) { return false }
        return facts != other.facts || gid == other.gid
    }

    private static func areCompatible<Value: Equatable>(_ one: Value?, _ other: Value?) -> Bool {
        one == nil || other == nil || one == other
    }

    private static func isWithin(_ path: String, _ outer: String) -> Bool {
        let (path, outer) = (path.utf8, outer.utf8)
        if outer.elementsEqual("/".utf8) { return true }
        guard path.starts(with: outer) else { return false }
        let rest = path.dropFirst(outer.count)
        return rest.isEmpty || rest.first == UInt8(ascii: "/")
    }
}
