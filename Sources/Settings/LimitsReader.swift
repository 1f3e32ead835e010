internal import StrictYAML
internal import Yams

/// Reads the limits on connections and the deadlines of their phases.
struct LimitsReader {
    let faults: FaultList

    func read(_ top: StrictMapping) -> DaemonSettings.Limits {
        let empty = StrictMapping(.mapping(.init([])), path: "limits", known: [], faults: faults)
        let limits =
            top.has("limits")
            ? top.mapping(
                "limits",
                known: [
                    "connections", "connections-per-user", "connections-unmapped", "connections-reserved",
                    "idle-seconds", "handling-seconds",
                ]) ?? empty : empty
        let connections = limits.number("connections", default: 512, in: 1...10_000)
        let reserved = limits.number(
            "connections-reserved", default: min(16, connections / 8), in: 0...10_000)
        let others = max(1, connections - reserved)
        if reserved >= connections {
            limits.fault(
                "`limits.connections-reserved` must be below `limits.connections` (\(connections))",
                at: "connections-reserved")
        }
        // When one user reaches its limit, other users still have room.
        let perUser = limits.number(
            "connections-per-user", default: max(1, others * 3 / 8), in: 1...10_000)
        let unmapped = limits.number("connections-unmapped", default: max(1, others / 16), in: 1...10_000)
        for (name, value) in [("connections-per-user", perUser), ("connections-unmapped", unmapped)]
        where limits.has(name) && value > others {
            limits.fault(
                "`limits.\(name)` must be at most \(others): `limits.connections` without the reserve",
                at: name)
        }
        return DaemonSettings.Limits(
            connections: connections, connectionsPerUser: perUser, connectionsUnmapped: unmapped,
            connectionsReserved: reserved,
            idleSeconds: limits.number("idle-seconds", default: 30, in: 1...3600),
            handlingSeconds: limits.number("handling-seconds", default: 300, in: 10...3600))
    }
}
