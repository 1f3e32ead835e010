import Authorization
import Testing

/// The principal of a peer.
struct PrincipalMapTests {
    static func principal(_ name: String) -> Principal {
        Principal(
            arn: ARN(
                partition: "aws", service: "iam", region: "", account: "000000000000",
                resource: "role/\(name)"), policies: [])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bindings: [(String, Binding)]
        let peer: Peer
        /// The principal's name, nil for none, `?` for an ambiguous peer.
        let expected: String?
    }

    static let service = "/system.slice/issuer.service"

    static let cases: [Case] = [
        Case(
            testDescription: "a user precedes every entry without one",
            bindings: [
                ("group", Binding(gid: 5)), ("unit", Binding(unit: "issuer.service")),
                ("user", Binding(uid: 1)),
            ], peer: Peer(pid: 1, uid: 1, gid: 5, cgroup: service), expected: "user"),
        Case(
            testDescription: "more facts precede fewer",
            bindings: [
                ("user", Binding(uid: 1)), ("both", Binding(uid: 1, executable: "/bin/a")),
            ], peer: Peer(pid: 1, uid: 1, gid: 5, executable: "/bin/a"), expected: "both"),
        Case(
            testDescription: "all facts must match",
            bindings: [("both", Binding(uid: 1, executable: "/bin/a"))],
            peer: Peer(pid: 1, uid: 1, gid: 5, executable: "/bin/b"), expected: nil),
        Case(
            testDescription: "an unknown fact does not match",
            bindings: [("program", Binding(executable: "/bin/a")), ("unit", Binding(unit: "a.service"))],
            peer: Peer(pid: 1, uid: 1, gid: 5), expected: nil),
        Case(
            testDescription: "the primary group precedes another",
            bindings: [("one", Binding(gid: 5)), ("two", Binding(gid: 6))],
            peer: Peer(pid: 1, uid: 1, gid: 6, groups: [5]), expected: "two"),
        Case(
            testDescription: "two other groups are ambiguous",
            bindings: [("one", Binding(gid: 5)), ("two", Binding(gid: 6))],
            peer: Peer(pid: 1, uid: 1, gid: 7, groups: [5, 6]), expected: "?"),
        Case(
            testDescription: "the inner control group precedes the outer",
            bindings: [
                ("outer", Binding(cgroup: "/a.slice")), ("inner", Binding(cgroup: "/a.slice/b.slice")),
            ],
            peer: Peer(pid: 1, uid: 1, gid: 7, cgroup: "/a.slice/b.slice/c.scope"), expected: "inner"),
        Case(
            testDescription: "a control group with a longer name is different",
            bindings: [("outer", Binding(cgroup: "/a.slice"))],
            peer: Peer(pid: 1, uid: 1, gid: 7, cgroup: "/a.slices"), expected: nil),
        Case(
            testDescription: "the root of control groups contains every group, but not a peer without one",
            bindings: [("root", Binding(cgroup: "/"))],
            peer: Peer(pid: 1, uid: 1, gid: 7, cgroup: "/a"), expected: "root"),
        Case(
            testDescription: "an unknown peer has no principal", bindings: [("root", Binding(uid: .max))],
            peer: .unknown, expected: nil),
        Case(
            testDescription: "a binding without facts matches no peer", bindings: [("all", Binding())],
            peer: Peer(pid: 1, uid: 0, gid: 0), expected: nil),
    ]

    @Test(arguments: cases)
    func `a peer is identified by its facts`(_ entry: Case) {
        let map = PrincipalMap(
            entry.bindings.map { PrincipalMap.Entry($0.1, Self.principal($0.0)) })
        let name: String? =
            switch map.identify(.process(entry.peer)) {
            case .principal(let principal): String(principal.arn.resource.dropFirst(5))
            case .unmapped: nil
            case .ambiguous: "?"
            }
        #expect(name == entry.expected)
    }

    /// If the bindings pass the check at load, no peer that is in at most one group is ambiguous.
    @Test func `bindings that are unambiguous at load are unambiguous for every peer`() {
        var generator = SystemRandomNumberGenerator()
        func pick<Value>(_ values: [Value]) -> Value? {
            Bool.random() ? values.randomElement(using: &generator) : nil
        }
        func binding() -> Binding {
            Binding(
                uid: pick([1, 2]), gid: pick([5]), unit: pick(["a.service", "b.service"]),
                cgroup: pick(["/s.slice", "/s.slice/a.service", "/s.slice/b.service"]),
                executable: pick(["/bin/a", "/bin/b"]))
        }
        var tried = 0
        var ambiguous = 0
        for _ in 0..<20_000 {
            let (one, other) = (binding(), binding())
            if one.isEmpty || other.isEmpty || one == other { continue }
            let peer = Peer(
                pid: 1, uid: [1, 2].randomElement(using: &generator) ?? 1, gid: 5,
                cgroup: ["/s.slice/a.service", "/s.slice/b.service"].randomElement(using: &generator),
                executable: ["/bin/a", "/bin/b"].randomElement(using: &generator))
            let map = PrincipalMap([
                .init(one, Self.principal("one")), .init(other, Self.principal("other")),
            ])
            guard case .ambiguous = map.identify(.process(peer)) else {
                tried += 1
                continue
            }
            ambiguous += 1
            #expect(one.isAmbiguous(with: other) && other.isAmbiguous(with: one), "\(one) and \(other)")
        }
        #expect(tried > 1000 && ambiguous > 100)
    }

    @Test(arguments: [
        ("/system.slice/issuer.service", "issuer.service"),
        ("/system.slice/issuer.service/inner.service", "issuer.service"),
        ("/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service"),
        ("/user.slice/user-1000.slice/user@1000.service/app.slice/issuer.service", "user@1000.service"),
        ("/user.slice/user-1000.slice/session-2.scope", "session-2.scope"),
        ("/system.slice/_cgroup.service", "cgroup.service"),
        ("/init.scope", "init.scope"),
        ("/docker/0123/issuer.service", nil),
        ("/.service", nil),
        ("/system.slice", nil),
        ("/", nil),
    ])
    func `a unit is the first component of its control group that is not a slice`(
        _ group: String, _ unit: String?
    ) {
        #expect(Peer(pid: 1, uid: 1, gid: 1, cgroup: group).unit == unit)
    }

    /// An unprivileged user may switch to a user of its subordinate range and keeps its groups.
    @Test func `a subordinate user maps to no principal by its groups, and not around its owner's entries`()
        throws
    {
        func map(_ bindings: [(String, Binding)]) throws -> PrincipalMap {
            PrincipalMap(
                try bindings.map { name, binding in
                    let arn = try #require(ARN("arn:aws:iam::000000000000:role/\(name)"))
                    return .init(binding, Principal(arn: arn, policies: []))
                })
        }
        func name(_ map: PrincipalMap, _ peer: Peer) -> String? {
            guard case .principal(let principal) = map.identify(.process(peer)) else { return nil }
            return String(principal.arn.resource.dropFirst(5))
        }
        let unit = "/system.slice/a.service"
        func peer(_ owner: UInt32?, groups: [UInt32] = [], cgroup: String? = nil) -> Peer {
            Peer(
                pid: 1, uid: 200_004, gid: 9, groups: groups, cgroup: cgroup,
                subordinate: .init(owner: owner))
        }
        let officers = try map([
            ("carl", Binding(uid: 3030)), ("officer", Binding(gid: 3200)),
            ("unit", Binding(unit: "a.service")),
        ])
        #expect(name(officers, peer(3030, groups: [3200])) == nil)
        #expect(name(officers, peer(nil, groups: [3200])) == nil)
        #expect(name(officers, peer(4040, groups: [3200])) == nil)
        // Containers of a user without an entry are identified by their unit.
        #expect(name(officers, peer(4040, cgroup: unit)) == "unit")
        #expect(name(officers, peer(3030, cgroup: unit)) == nil)
        // An entry for the subordinate user itself applies.
        let named = try map([("carl", Binding(uid: 3030)), ("inner", Binding(uid: 200_004, gid: 3200))])
        #expect(name(named, peer(3030, groups: [3200])) == "inner")
    }

    @Test func `facts are compared by octets`() throws {
        let decomposed = Peer(pid: 1, uid: 1, gid: 1, executable: "/opt/cafe\u{301}")
        let arn = try #require(ARN("arn:aws:iam::000000000000:role/one"))
        let map = PrincipalMap([
            .init(Binding(uid: 1, executable: "/opt/caf\u{E9}"), Principal(arn: arn, policies: []))
        ])
        guard case .unmapped = map.identify(.process(decomposed)) else {
            Issue.record("another file's path fits")
            return
        }
        #expect(
            ARN("arn:aws:iam::000000000000:role/caf\u{E9}")
                != ARN("arn:aws:iam::000000000000:role/cafe\u{301}"))
    }
}
