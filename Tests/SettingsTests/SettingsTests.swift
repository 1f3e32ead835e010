import Authorization
import Foundation
import Settings
import StrictYAML
import TestSupport
import Testing
import TokenSettings

struct SettingsTests {
    static let valid = """
        region: us-local-1
        account: "000000000042"
        database: signet.sqlite
        socket:
          path: s
          mode: "0660"
          owner: root
          group: root
        limits:
          connections: 10
          idle-seconds: 5
        tokens:
          - name: main
            module: /usr/lib/m.so
            uri: "pkcs11:token=t"
            pin:
              file: pin
            sessions: 3
            environment:
              SOFTHSM2_CONF: /etc/softhsm2.conf
        principals:
          - uid: root
            arn: arn:aws:iam::000000000042:role/root
            policies: [policy.json]
          - gid: 65534
            arn: arn:aws:iam::000000000042:role/nobody
            policies: [lister.json]
        """
    static let policy =
        #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#

    /// The most that a group alone may be granted: a policy without signet:ApproveRequest.
    static let lister =
        #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "acm-pca:*", "Resource": "*"}}"#

    func load(_ yaml: String, policy: String = policy) throws(StrictYAMLError) -> (
        DaemonSettings, TemporaryDirectory
    ) {
        guard let directory = try? TemporaryDirectory() else { throw StrictYAMLError(faults: []) }
        try? directory.write("signetd.yaml", yaml)
        try? directory.write("policy.json", policy)
        try? directory.write("lister.json", Self.lister)
        return (try DaemonSettings.load(path: directory.path("signetd.yaml")), directory)
    }

    @Test func `a configuration is read, with paths relative to its directory`() throws {
        let (settings, directory) = try load(Self.valid)
        #expect(settings.databasePath == directory.path("signet.sqlite"))
        #expect(settings.socket.path == directory.path("s"))
        #expect(settings.socket.mode == 0o660)
        #expect(settings.socket.uid == 0)
        #expect(settings.naming.account == "000000000042")
        #expect(settings.limits.connections == 10)
        #expect(settings.tokens.entries[0].sessions == 3)
        #expect(settings.tokens.entries[0].environment == ["SOFTHSM2_CONF": "/etc/softhsm2.conf"])
        func name(_ peer: Peer) -> String? {
            guard case .principal(let principal) = settings.rulebook.principals.identify(.process(peer))
            else {
                return nil
            }
            return principal.arn.resource
        }
        #expect(name(Peer(pid: 1, uid: 0, gid: 65534)) == "role/root")
        #expect(name(Peer(pid: 1, uid: 9, gid: 65534)) == "role/nobody")
    }

    @Test func `a malformed policy is reported with its place`() {
        let policy = #"{"Statement": {"Effect": "Allow", "Action": "acm-pca:Isue", "Resource": "*"}}"#
        let error = #expect(throws: StrictYAMLError.self) { _ = try load(Self.valid, policy: policy) }
        #expect(error?.description.contains("policy.json:1: Statement[0].Action: `acm-pca:Isue`") == true)
    }

    static let deadResource =
        #"{"Statement": {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:acm-pca:us-local-1:00000000042:certificate-authority/*"}}"#

    @Test(arguments: [
        ("", ""), ("  - gid: 65534", "    boundary: [dead.json]\n  - gid: 65534"),
        ("principals:\n", "organization:\n  guardrails: [dead.json]\nprincipals:\n"),
    ])
    func `a resource of another account is found in every kind of policy`(
        _ place: String, _ with: String
    ) throws {
        let directory = try TemporaryDirectory()
        let yaml =
            place.isEmpty
            ? Self.valid.replacing("policy.json", with: "dead.json") : Self.valid.replacing(place, with: with)
        try directory.write("signetd.yaml", yaml)
        try directory.write("policy.json", Self.policy)
        try directory.write("dead.json", Self.deadResource)
        let error = #expect(throws: StrictYAMLError.self) {
            _ = try DaemonSettings.load(path: directory.path("signetd.yaml"))
        }
        let text = error?.description ?? ""
        #expect(text.contains("dead.json:1: Statement[0].Resource: "), "\(text)")
        #expect(text.contains("its account does not fit"), "\(text)")
    }

    @Test func `limits of ValidityNotBefore are read`() throws {
        let arn =
            "arn:aws:acm-pca:us-local-1:000000000042:certificate-authority/7d3233c5-d5a9-48c2-a1a0-cd3f9c0b9130"
        let (settings, _) = try load(
            Self.valid
                + "\nissuance: {not-before-limit-minutes: 600, authorities: [{arn: \"\(arn)\", backdate-minutes: 5, not-before-limit-minutes: 7}]}\n"
        )
        #expect(settings.issuance.longestNotBeforeSeconds == 36_000)
        #expect(settings.issuance.longestNotBefores.values.map { $0 } == [420])
        #expect(try load(Self.valid).0.issuance.longestNotBeforeSeconds == nil)
    }

    @Test func `a missing file is reported`() {
        let error = #expect(throws: StrictYAMLError.self) {
            _ = try DaemonSettings.load(path: "/nonexistent.yaml")
        }
        #expect(error?.description == "/nonexistent.yaml: the file does not exist")
    }

    /// A user who can replace a file controls the decisions.
    @Test func `other users must not be able to write any directory on the path of a policy`() throws {
        let place = try TemporaryDirectory()
        func make(_ path: String, _ mode: Int) throws {
            try FileManager.default.createDirectory(
                atPath: place.path(path), withIntermediateDirectories: true)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place.path(path))
        }
        try make("open/closed", 0o755)
        try make("open", 0o777)
        try place.write("open/closed/policy.json", Self.policy)
        try make("links", 0o777)
        try make("own", 0o755)
        try place.write("own/policy.json", Self.policy)
        try FileManager.default.createSymbolicLink(
            atPath: place.path("links/policy.json"), withDestinationPath: place.path("own/policy.json"))
        func check(_ policy: String) -> String? {
            let text = Self.valid.replacingOccurrences(of: "[policy.json]", with: "[\(place.path(policy))]")
            do {
                _ = try load(text)
                return nil
            } catch { return error.description }
        }
        #expect(check("own/policy.json") == nil)
        #expect(
            check("open/closed/policy.json")?.contains(
                "others can write the directory `\(place.path("open"))`") == true)
        #expect(
            check("links/policy.json")?.contains("others can write the directory `\(place.path("links"))`")
                == true)
    }

    @Test func `other users must not be able to write the directory of a bucket`() throws {
        let place = try TemporaryDirectory()
        try Command.output("mkdir", [place.path("reports"), place.path("open")])
        try Command.output("chmod", ["0775", place.path("open")])
        func reports(_ yaml: String) throws -> DaemonSettings.AuditReports? {
            try load(Self.valid + "\naudit-reports:\n" + yaml).0.auditReports
        }
        #expect(try load(Self.valid).0.auditReports == nil)
        let usual = try reports("  buckets: {reports: \(place.path("reports"))}")
        #expect(usual?.buckets == ["reports": place.path("reports")])
        #expect(usual?.minimumIntervalMinutes == 30)
        let often = try reports(
            "  buckets: {a.b-1: \(place.path("reports"))}\n  minimum-interval-minutes: 0")
        #expect(often?.buckets.keys.first == "a.b-1" && often?.minimumIntervalMinutes == 0)
        let error = #expect(throws: StrictYAMLError.self) {
            try reports("  buckets: {open: \(place.path("open"))}")
        }
        #expect(
            error?.description.contains("of the bucket `open` cannot be trusted: others can write it")
                == true,
            "\(String(describing: error))")
    }

    @Test func `every example loads`() throws {
        // A checkout may be writable by a group, an installation may not.
        let place = try TemporaryDirectory()
        try Command.output("cp", ["-r", "\(Products.root)/HSMConfig", place.path("")])
        try Command.output("chmod", ["-R", "go-w", place.path("HSMConfig")])
        let directory = place.url("HSMConfig")
        let files = try FileManager.default.contentsOfDirectory(
            at: directory, includingPropertiesForKeys: nil
        )
        .filter { $0.pathExtension == "yaml" }
        #expect(!files.isEmpty)
        for file in files { _ = try DaemonSettings.load(path: file.path) }
        let templates = try FileManager.default.contentsOfDirectory(
            at: directory.appendingPathComponent("templates"), includingPropertiesForKeys: nil
        ).filter { $0.pathExtension == "yaml" }
        #expect(templates.count == 3)
        for file in templates {
            _ = try TemplateFile.parse(try Data(contentsOf: file), named: file.lastPathComponent)
        }
        let profiles = try FileManager.default.contentsOfDirectory(
            at: directory.appendingPathComponent("profiles"), includingPropertiesForKeys: nil
        ).filter { $0.pathExtension == "yaml" }
        #expect(profiles.count == 10)
        for file in profiles {
            let profile = try ProfileFile.load(path: file.path)
            #expect(!profile.tested.isEmpty)
        }
    }

    /// An unprivileged user may keep its groups in a user namespace, so a group alone cannot identify an
    /// officer.
    @Test(arguments: [
        #""Action": "*""#, #""Action": "signet:*""#, #""Action": "signet:approve*""#,
        #""Action": "signet:ApproveRequest""#, #""NotAction": "acm-pca:*""#,
    ])
    func `a group alone cannot identify an officer`(_ action: String) throws {
        let text =
            #"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", \#(action), "Resource": "*"}}"#
        let officers = Self.valid.replacing("[lister.json]", with: "[policy.json]")
        let error = #expect(throws: StrictYAMLError.self) { _ = try load(officers, policy: text) }
        #expect(
            error?.description.contains("`gid` alone cannot tell an officer") == true,
            "\(String(describing: error))")
        #expect(error?.faults.count == 1)
        let named = officers.replacing("  - gid: 65534\n", with: "  - gid: 65534\n    uid: 65534\n")
        _ = try load(named, policy: text)
        _ = try load(officers + "\n    boundary: [lister.json]\n", policy: text)
    }

    @Test func `connection limits have sensible defaults, and are consistent with each other`() throws {
        let (settings, _) = try load(Self.valid)
        #expect(settings.limits.connectionsReserved == 1 && settings.limits.connectionsPerUser == 3)
        #expect(settings.limits.connectionsUnmapped == 1 && settings.limits.handlingSeconds == 300)
        for (text, message) in [
            ("connections-reserved: 10", "must be below `limits.connections` (10)"),
            ("connections-per-user: 10", "`limits.connections-per-user` must be at most 9"),
            ("connections-unmapped: 10", "`limits.connections-unmapped` must be at most 9"),
            ("handling-seconds: 1", "must be a number from 10 to 3600"),
        ] {
            let yaml = Self.valid.replacing("  connections: 10", with: "  connections: 10\n  \(text)")
            let error = #expect(throws: StrictYAMLError.self) { _ = try load(yaml) }
            #expect(error?.description.contains(message) == true, "\(String(describing: error))")
        }
    }

    @Test func `issuance has a quota unless the configuration turns it off`() throws {
        #expect(try load(Self.valid).0.rulebook.quotas == .standard)
        #expect(try load(Self.valid + "\nquotas: {preset: none}\n").0.rulebook.quotas == .none)
        let own = try load(Self.valid + "\nquotas: {rates: {\"signet:ApproveRequest\": 1}}\n").0.rulebook
            .quotas
        #expect(own.rates == [.issueCertificate: 1000, .approveRequest: 1])
    }
}
