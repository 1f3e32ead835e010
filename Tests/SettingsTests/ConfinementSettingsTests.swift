import Foundation
import Settings
import StrictYAML
import TestSupport
import Testing
import TokenProtocol
import TokenSettings

/// The settings of a worker's sandbox, and their limits.
struct ConfinementSettingsTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        for name in ["state", "run", "token"] {
            try FileManager.default.createDirectory(
                atPath: directory.path(name), withIntermediateDirectories: false)
        }
        try directory.write("policy.json", SettingsTests.policy)
        try directory.write("lister.json", SettingsTests.lister)
        try directory.write("profile.yaml", "name: p\ntested: here\nnetwork: true\npaths: [/dev/hsm0]\n")
    }

    private func load(_ confinement: String) throws(StrictYAMLError) -> DaemonSettings {
        let yaml = SettingsTests.valid
            .replacingOccurrences(of: "signet.sqlite", with: "state/signet.sqlite")
            .replacingOccurrences(of: "path: s\n", with: "path: run/s\n")
            .replacingOccurrences(of: "    sessions: 3\n", with: "    sessions: 3\n\(confinement)\n")
        try? directory.write("signetd.yaml", yaml)
        return try DaemonSettings.load(path: directory.path("signetd.yaml"))
    }

    private func faults(_ confinement: String) -> [String] {
        do throws(StrictYAMLError) {
            _ = try load(confinement)
            return []
        } catch { return error.faults.map(\.message) }
    }

    @Test func `paths and the settings of a profile are read`() throws {
        let entry = try load("    profile: profile.yaml\n    paths: [token, /dev/hsm1]").tokens.entries[0]
        #expect(entry.confinement.paths == [directory.path("token"), "/dev/hsm1"])
        #expect(entry.confinement.user == nil)
        #expect(entry.confinement.protected == [directory.path("state"), directory.path("run")])
        for name in ["state/signet.sqlite", "state/signet.sqlite-wal", "run/s", "signetd.yaml"] {
            #expect(entry.confinement.hidden.contains(directory.path(name)), "\(name)")
        }
        #expect(entry.profile.sockets == .internet && entry.profile.paths == ["/dev/hsm0"])
        let plain = try load("").tokens.entries[0]
        #expect(
            plain.confinement.paths.isEmpty && plain.profile.sockets.isEmpty && plain.profile.paths.isEmpty)
    }

    @Test func `the PINs of other tokens are hidden from a module, but not its own`() throws {
        let second = """
                paths: [token]
              - name: second
                module: /usr/lib/m.so
                uri: "pkcs11:token=u"
                pin:
                  file: /etc/signet/other-pin
            """
        let entries = try load(second).tokens.entries
        #expect(entries[0].confinement.hidden.contains("/etc/signet/other-pin"))
        #expect(!entries[0].confinement.hidden.contains(directory.path("pin")))
        #expect(entries[1].confinement.hidden.contains(directory.path("pin")))
        #expect(!entries[1].confinement.hidden.contains("/etc/signet/other-pin"))
    }

    @Test(arguments: [
        ("state", "the directory of the database"), ("state/tokens", "the directory of the database"),
        ("run", "the directory of the socket"), ("run/x/y", "the directory of the socket"),
        (".", "in which this configuration lies"), ("/", "the directory of the database"),
        ("token/../state", "the directory of the database"), ("link", "the directory of the database"),
        ("link/below", "the directory of the database"), ("signetd.yaml", "in which this configuration lies"),
    ])
    func `a path to the daemon's files is refused`(_ path: String, _ reason: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: directory.path("link"), withDestinationPath: directory.path("state"))
        let found = faults("    paths: [\(path)]")
        #expect(
            found.contains { $0.contains("`tokens[0].paths` holds `") && $0.contains(reason) }, "\(found)")
    }

    @Test func `a directory whose name only starts like the daemon's is accepted`() throws {
        #expect(faults("    paths: [state2, stat, run-hsm]").isEmpty)
    }

    @Test(arguments: [
        ("    paths: token", "must be a list"), ("    paths: [[a]]", "must hold paths"),
        ("    worker-user: nobody-at-all", "there is no such user"),
        ("    worker-user: root", "another user than root"), ("    worker-user: 4000", "not a number"),
        ("    paths: [token]\n    profile: bad.yaml", "`paths` must hold absolute paths"),
    ])
    func `contradictory settings are reported`(_ confinement: String, _ reason: String) throws {
        try directory.write("bad.yaml", "name: p\ntested: here\npaths: [dev/hsm0]\n")
        #expect(faults(confinement).contains { $0.contains(reason) }, "\(faults(confinement))")
    }

    @Test func `a separate user for the worker needs a daemon of root`() throws {
        let found = faults("    worker-user: nobody")
        if geteuid() == 0 {
            #expect(found.isEmpty)
            #expect(try load("    worker-user: nobody").tokens.entries[0].confinement.user == "nobody")
        } else {
            #expect(found.contains { $0.contains("needs a daemon that runs as root") })
        }
    }

    @Test(arguments: ["LD_PRELOAD", "LD_AUDIT"])
    func `a variable that loads code before the sandbox is active is refused`(_ name: String) throws {
        let yaml = SettingsTests.valid.replacingOccurrences(
            of: "SOFTHSM2_CONF: /etc/softhsm2.conf", with: "\(name): /usr/lib/x.so")
        try directory.write("signetd.yaml", yaml)
        let error = #expect(throws: StrictYAMLError.self) {
            try DaemonSettings.load(path: directory.path("signetd.yaml"))
        }
        #expect(error?.faults.contains { $0.message.contains("cannot hold `\(name)`") } == true)
    }
}
