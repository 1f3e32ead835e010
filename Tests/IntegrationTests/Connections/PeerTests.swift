import Foundation
import TestSupport
import Testing

/// How the daemon identifies the connected process. These tests need root to act as several users.
@Suite(.enabled(if: geteuid() == 0, "several users need root"))
struct PeerTests {
    static let policies = [
        "issuer.json": """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": ["acm-pca:IssueCertificate"], "Resource": "*",
             "Condition": {"StringEquals": {"acm-pca:TemplateArn": "arn:aws:acm-pca:::template/EndEntityCertificate/V1"}}},
            {"Effect": "Allow", "Action": ["acm-pca:GetCertificate", "acm-pca:Describe*"], "Resource": "*"}]}
        """,
        "cautious.json": """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "acm-pca:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "acm-pca:IssueCertificate", "Resource": "*",
             "Condition": {"StringLike": {"acm-pca:TemplateArn": "*CACertificate*"}}}]}
        """,
    ]
    static let principals = """
          - uid: 0
            arn: arn:aws:iam::000000000000:role/administrator
            policies: [administrator.json]
          - uid: 65001
            arn: arn:aws:iam::000000000000:role/issuer
            policies: [issuer.json]
          - gid: 65002
            arn: arn:aws:iam::000000000000:role/cautious
            policies: [cautious.json]
        """

    @Test func `users and groups get the rights of their policies`() async throws {
        let daemon = try Daemon(principals: Self.principals, policies: Self.policies)
        try daemon.start()
        let root = try await daemon.client { try await $0.activeRoot() }
        try daemon.directory.write("a.csr", try OpenSSLRequest.make())
        let csr = daemon.directory.path("a.csr")
        let issue = ["certificate", "issue", "--ca", root, "--csr", csr, "--days", "5"]
        let issueAuthority = issue + ["--template", "SubordinateCACertificate_PathLen0/V1"]

        let issuer = try daemon.signet(issue, uid: 65001, gid: 65001)
        #expect(issuer.status == 0, "\(issuer.errors)")
        let wrongTemplate = try daemon.signet(issueAuthority, uid: 65001, gid: 65001)
        #expect(wrongTemplate.status != 0)
        #expect(
            wrongTemplate.errors.contains(
                "User: arn:aws:iam::000000000000:role/issuer is not authorized to perform: acm-pca:IssueCertificate on "
                    + "resource: \(root) because no identity-based policy allows the acm-pca:IssueCertificate action"
            ),
            "\(wrongTemplate.errors)")

        let cautious = try daemon.signet(issue, uid: 65009, gid: 65002)
        #expect(cautious.status == 0, "\(cautious.errors)")
        let denied = try daemon.signet(issueAuthority, uid: 65009, gid: 65002)
        #expect(denied.status != 0)
        #expect(
            denied.errors.contains("with an explicit deny in an identity-based policy"), "\(denied.errors)")

        let unmapped = try daemon.signet(issue, uid: 65009, gid: 65009)
        #expect(unmapped.status != 0)
        #expect(unmapped.errors.contains("this peer is not mapped to a principal"), "\(unmapped.errors)")
        let event = try #require(daemon.events().last)
        #expect(event["errorCode"] as? String == "AccessDeniedException")
        let additional = try #require(event["additionalEventData"] as? [String: Any])
        #expect((additional["peer"] as? [String: Any])?["uid"] as? Int == 65009)
    }

    static let tenants = """
          - {uid: 0, arn: "arn:aws:iam::000000000000:role/administrator", policies: [administrator.json]}
          - {uid: 65001, arn: "arn:aws:iam::000000000000:role/one", policies: [administrator.json]}
          - {gid: 65100, arn: "arn:aws:iam::000000000000:role/members", policies: [lister.json]}
          - {gid: 65200, arn: "arn:aws:iam::000000000000:role/others", policies: [lister.json]}
        """
    static let listers = [
        "lister.json": """
        {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "acm-pca:*", "Resource": "*"}]}
        """
    ]

    @Test func `a supplementary group maps a peer to a principal, and two mapped groups map it to none`()
        async throws
    {
        let daemon = try Daemon(principals: Self.tenants, policies: Self.listers)
        try daemon.start()
        func name(_ uid: Int, _ gid: Int, _ groups: [Int]) throws -> String {
            let result = try daemon.signet(["ca", "list"], uid: uid, gid: gid, groups: groups)
            let identity = try daemon.events().last?["userIdentity"] as? [String: Any]
            return identity?["arn"] as? String ?? result.errors
        }
        #expect(try name(65009, 65009, [65100]).hasSuffix("role/members"))
        #expect(try name(65009, 65009, [4, 24, 65200, 65300]).hasSuffix("role/others"))
        // The primary group precedes the others, and the user precedes both.
        #expect(try name(65009, 65200, [65100]).hasSuffix("role/others"))
        #expect(try name(65001, 65200, [65100]).hasSuffix("role/one"))
        let both = try name(65009, 65009, [65100, 65200])
        #expect(both.contains("this peer is mapped more than once: by gid 65100 and by gid 65200"), "\(both)")
        #expect(try name(65009, 65009, []).contains("not mapped to a principal"))
    }

    /// The kernel keeps the credentials of the process that connected. Another process that uses the socket
    /// later is treated as that process while it exists unchanged.
    @Test func `a connection that was passed on is attributed to the process that connected`() throws {
        let daemon = try Daemon(principals: Self.tenants, policies: Self.listers)
        try daemon.start()
        let script = "\(Products.root)/Tests/IntegrationTests/Python/peers.py"
        let result = try Command.run(Products.python, [script, daemon.socketPath])
        let lines = result.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 6, "\(result.output)\(result.errors)")
        #expect(lines[0] == "as root: 200 ")
        #expect(
            lines[1].hasPrefix("changed to 65001: 400 ")
                && lines[1].contains("this peer has changed its user or group since it connected"),
            "\(lines[1])")
        #expect(lines[2] == "connected again as 65001: 200 ")
        #expect(lines[3] == "65002 with the socket of 65001: 200 ")
        #expect(
            lines[4].hasPrefix("the process that connected has ended: 400 ")
                && lines[4].hasSuffix("because the process that connected has ended"), "\(lines[4])")
        #expect(lines[5].contains("65002 with its own socket: 400 "), "\(lines[5])")
        #expect(lines[5].hasSuffix("because this peer is not mapped to a principal"), "\(lines[5])")
        let passed = try #require(
            daemon.events().first {
                ($0["userIdentity"] as? [String: Any])?["arn"] as? String != nil
                    && (($0["additionalEventData"] as? [String: Any])?["peer"] as? [String: Any])?["uid"]
                        as? Int == 65001
            })
        #expect(
            (passed["userIdentity"] as? [String: Any])?["arn"] as? String
                == "arn:aws:iam::000000000000:role/one")
    }

    @Test func `an executable maps by its file, and another one with the same name does not`() throws {
        let place = try TemporaryDirectory()
        try FileManager.default.createDirectory(
            atPath: place.path("issuer"), withIntermediateDirectories: true)
        let daemon = try Daemon(
            principals: """
                  - {uid: 65001, executable: "\(place.path("issuer/signet"))", arn: "arn:aws:iam::000000000000:role/issuer", policies: [administrator.json]}
                """)
        try daemon.start()
        try FileManager.default.copyItem(atPath: Products.path("signet"), toPath: place.path("issuer/signet"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.path(""))
        let user = ["--reuid=65001", "--regid=65001", "--clear-groups"]
        let environment = ["SIGNET_SOCKET": daemon.socketPath]
        let own = try Command.run(
            "setpriv", user + [place.path("issuer/signet"), "ca", "list"], environment: environment)
        #expect(own.status == 0, "\(own.errors)")
        let copy = try daemon.signet(["ca", "list"], uid: 65001, gid: 65001)
        #expect(copy.errors.contains("not mapped to a principal"), "\(copy.errors)")
        // In its own mount namespace a process can place a program at any path.
        let disguised = try Command.run(
            "unshare",
            [
                "--mount", "sh", "-c",
                "mount --bind \(daemon.directory.path("")) \(place.path("issuer")) && exec setpriv \(user.joined(separator: " ")) \(place.path("issuer/signet")) ca list",
            ], environment: environment)
        #expect(disguised.errors.contains("not mapped to a principal"), "\(disguised.errors)")
    }

    @Test(.enabled(if: ControlGroups.root != nil, "control groups cannot be made here"))
    func `a unit maps by its control group`() throws {
        let groups = try ControlGroups(["signet-test.slice", "signet-batch.slice", "signet-batch.slicex"])
        defer { groups.remove() }
        let daemon = try Daemon(
            principals: """
                  - {unit: signet-issuer.service, arn: "arn:aws:iam::000000000000:role/issuer", policies: [issuer.json]}
                  - {uid: 65001, unit: signet-issuer.service, arn: "arn:aws:iam::000000000000:role/one", policies: [administrator.json]}
                  - {uid: 65002, cgroup: /signet-batch.slice, arn: "arn:aws:iam::000000000000:role/batch", policies: [administrator.json]}
                """, policies: Self.policies)
        try daemon.start()
        func ask(_ group: String, uid: Int) throws -> String {
            let result = try daemon.signet(
                ["ca", "list"], uid: uid, gid: uid, wrappedIn: try groups.enter(group))
            let event = try #require(daemon.events().last)
            let peer = (event["additionalEventData"] as? [String: Any])?["peer"] as? [String: Any]
            #expect(peer?["cgroup"] as? String == "/" + group, "\(result.errors)")
            return (event["userIdentity"] as? [String: Any])?["arn"] as? String ?? result.errors
        }
        #expect(try ask("signet-test.slice/signet-issuer.service", uid: 65009).hasSuffix("role/issuer"))
        #expect(try ask("signet-test.slice/signet-issuer.service", uid: 65001).hasSuffix("role/one"))
        // A process can arrange its control groups below its unit, but not above it.
        #expect(try ask("signet-test.slice/signet-issuer.service/inner", uid: 65009).hasSuffix("role/issuer"))
        #expect(
            try ask("signet-test.slice/other.service/signet-issuer.service", uid: 65009).contains(
                "not mapped"))
        #expect(try ask("signet-batch.slice/job-7.scope", uid: 65002).hasSuffix("role/batch"))
        #expect(try ask("signet-batch.slicex", uid: 65002).contains("not mapped"))
    }

    /// A user may name the groups below its own freely: a combining mark after a separator must not hide the
    /// separator.
    @Test(.enabled(if: ControlGroups.root != nil, "control groups cannot be made here"))
    func `a control group that is not printable ASCII belongs to no unit`() throws {
        let groups = try ControlGroups(["signet-forged.slice"])
        defer { groups.remove() }
        let daemon = try Daemon(
            principals: """
                  - {unit: signet-ingress.service, arn: "arn:aws:iam::000000000000:role/ingress", policies: [issuer.json]}
                  - {uid: 65001, arn: "arn:aws:iam::000000000000:role/weak", policies: [issuer.json]}
                  - {uid: 65001, unit: signet-ingress.service, arn: "arn:aws:iam::000000000000:role/payments", policies: [administrator.json]}
                """, policies: Self.policies)
        try daemon.start()
        let outer = "signet-forged.slice/user@3009.service"
        for joiner in ["\u{301}x.slice", "x\u{301}.slice", "\u{200D}.slice", "\u{FE0F}a.slice", "\r.slice"] {
            for group in ["\(outer)/\(joiner)", "signet-forged.slice/\(joiner)/user@3009.service"] {
                let place = try groups.enter("\(group)/signet-ingress.service")
                for (uid, name) in [(65009, nil), (65001, "weak")] {
                    let answer = try daemon.signet(["ca", "list"], uid: uid, gid: uid, wrappedIn: place)
                    let event = try #require(daemon.events().last)
                    let arn = (event["userIdentity"] as? [String: Any])?["arn"] as? String
                    #expect(arn == name.map { "arn:aws:iam::000000000000:role/\($0)" }, "\(answer.errors)")
                    let peer = (event["additionalEventData"] as? [String: Any])?["peer"] as? [String: Any]
                    #expect(peer?["unit"] == nil && peer?["cgroup"] == nil, "\(String(describing: peer))")
                }
            }
        }
    }

    @Test(.enabled(if: ControlGroups.root != nil, "control groups cannot be made here"))
    func `a peer that moves to another control group is identified by the new one, on the same connection`()
        throws
    {
        let groups = try ControlGroups(["signet-moving.slice"])
        defer { groups.remove() }
        let daemon = try Daemon(
            principals: """
                  - {unit: signet-issuer.service, arn: "arn:aws:iam::000000000000:role/issuer", policies: [administrator.json]}
                """, policies: Self.policies)
        try daemon.start()
        let inside = try groups.make("signet-moving.slice/signet-issuer.service")
        let outside = try groups.make("signet-moving.slice/other.service")
        let script = "\(Products.root)/Tests/IntegrationTests/Python/moving_peer.py"
        let result = try Command.run(Products.python, [script, daemon.socketPath, inside, outside, inside])
        let lines = result.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 3, "\(result.output)\(result.errors)")
        #expect(lines[0] == "200 ")
        #expect(lines[1].hasPrefix("400 ") && lines[1].hasSuffix("not mapped to a principal"), "\(lines[1])")
        #expect(lines[2] == "200 ")
    }
}

/// Control groups as systemd creates them, in systemd's own hierarchy or in the unified one.
struct ControlGroups {
    /// Nil if they cannot be created.
    static let root: String? = {
        let candidates = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup"]
        return candidates.first { path in
            guard FileManager.default.fileExists(atPath: path + "/cgroup.procs") else { return false }
            let probe = path + "/signet-probe.slice"
            guard mkdir(probe, 0o755) == 0 else { return false }
            rmdir(probe)
            return true
        }
    }()

    private let root: String

    /// The topmost of the groups, which no other test uses.
    private let tops: [String]

    init(_ tops: [String]) throws {
        root = try #require(Self.root)
        self.tops = tops
    }

    /// The beginning of a command line that runs its remainder in the group.
    func enter(_ group: String) throws -> [String] {
        ["sh", "-c", "echo $$ > '\(try make(group))' && exec \"$@\"", "sh"]
    }

    /// The file that a process writes to in order to join the group.
    func make(_ group: String) throws -> String {
        let path = "\(root)/\(group)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path + "/cgroup.procs"
    }

    func remove() {
        for top in tops {
            let inner = FileManager.default.subpaths(atPath: "\(root)/\(top)") ?? []
            for path in inner.sorted(by: >) { rmdir("\(root)/\(top)/\(path)") }
            rmdir("\(root)/\(top)")
        }
    }
}
