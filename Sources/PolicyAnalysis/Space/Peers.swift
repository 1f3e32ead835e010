internal import Authorization

/// The processes that can be a principal, one for each class that policies distinguish.
struct Peers {
    let map: PrincipalMap
    let principal: ARN
    /// The operands that conditions compare a peer's facts with, by key in lower case.
    let operands: [String: [ConditionTerm.Operand]]

    static let keys = ["signet:peeruid", "signet:peerunit", "signet:peerexecutable"]

    /// A process that matches the principal's first entry, with only the facts that the entry needs.
    static func first(_ map: PrincipalMap, _ principal: ARN) -> Peer {
        let binding = map.entries.first { $0.principal.arn == principal }?.binding ?? Binding()
        return peer(
            binding, uid: binding.uid ?? freshUID(map),
            cgroup: binding.cgroup ?? binding.unit.map { "/system.slice/\($0)" },
            executable: binding.executable)
    }

    /// The processes that the map identifies as the principal. If there are none, the one of its first entry.
    func all() throws(TextCells.Undecidable) -> [Peer] {
        var peers: [Peer] = []
        for entry in map.entries where entry.principal.arn == principal {
            peers += try self.peers(entry.binding)
        }
        let own = peers.filter { peer in
            if case .principal(let found) = map.identify(.process(peer)) {
                found.arn == principal
            } else {
                false
            }
        }
        return own.isEmpty ? [Self.first(map, principal)] : own
    }

    private func peers(_ binding: Binding) throws(TextCells.Undecidable) -> [Peer] {
        let uids = if let uid = binding.uid { [uid] } else { try uids() }
        let cgroups = try cgroups(binding)
        var executables: [String?] = [binding.executable]
        if binding.executable == nil { executables += try texts("signet:peerexecutable", within: ["/*"]) }
        var peers: [Peer] = []
        for uid in uids {
            for cgroup in cgroups {
                for executable in executables {
                    peers.append(Self.peer(binding, uid: uid, cgroup: cgroup, executable: executable))
                }
            }
        }
        return peers
    }

    private static func peer(_ binding: Binding, uid: UInt32, cgroup: String?, executable: String?) -> Peer {
        // The default group is one that no entry names.
        Peer(pid: 1, uid: uid, gid: binding.gid ?? .max - 1, cgroup: cgroup, executable: executable)
    }

    private func uids() throws(TextCells.Undecidable) -> [UInt32] {
        guard let operands = operands["signet:peeruid"], let shape = ConditionKeyShape(key: "signet:peeruid")
        else {
            return [Self.freshUID(map)]
        }
        let values = try KeyValues(shape: shape, operands: operands).single()
        return values.compactMap { UInt32($0) } + [Self.freshUID(map)]
    }

    private func cgroups(_ binding: Binding) throws(TextCells.Undecidable) -> [String?] {
        if let cgroup = binding.cgroup, Peer(pid: 1, uid: 1, gid: 1, cgroup: cgroup).unit != nil {
            return [cgroup]
        }
        let slice = binding.cgroup ?? "/system.slice"
        if let unit = binding.unit { return ["\(slice)/\(unit)"] }
        // The kinds of units that contain processes.
        let units =
            try texts("signet:peerunit", within: ["*.service"])
            + texts("signet:peerunit", within: ["*.scope"])
        return units.map { "\(slice)/\($0)" } + [binding.cgroup]
    }

    /// Empty for a key that no condition tests.
    private func texts(_ key: String, within frame: [String]) throws(TextCells.Undecidable) -> [String] {
        guard let operands = operands[key], let shape = ConditionKeyShape(key: key) else { return [] }
        return try KeyValues(shape: shape, operands: operands)
            .single(within: frame.map { TextTest(TextPattern(like: $0)) })
    }

    /// A user ID that no entry names.
    private static func freshUID(_ map: PrincipalMap) -> UInt32 {
        let taken = Set(map.entries.compactMap(\.binding.uid))
        return (0...UInt32(taken.count)).lazy.map { 4_000_000_000 + $0 }.first { !taken.contains($0) }
            ?? 4_000_000_000
    }
}
