import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// The log records the configuration in force from each start of a daemon to its stop.
struct StartRecordTests {
    private func start(of daemon: Daemon) throws -> [String: Any] {
        let event = try daemon.events(ofDaemon: true).last { $0["eventName"] as? String == "DaemonStarted" }
        return try #require(event?["serviceEventDetails"] as? [String: Any])
    }

    private func sha256(_ path: String) throws -> String {
        String(try Command.output("sha256sum", [path]).prefix(64))
    }

    @Test func `the start event describes the configuration in force, and the stop event ends it`()
        async throws
    {
        let daemon = try Daemon()
        let directory = daemon.directory
        try Command.output(
            "cp",
            [
                "\(Products.root)/HSMConfig/templates/web-server.yaml", directory.path("server.yaml"),
            ])
        try Command.output("chmod", ["go-w", directory.path("server.yaml")])
        try directory.write("weak", "# none\n")
        try daemon.extend("issuance: {templates: [server.yaml], weak-keys: weak}")
        try daemon.start()
        let first = try start(of: daemon)
        let files = try #require(first["files"] as? [String: String])
        #expect(
            Set(files.keys) == [directory.path("signetd.yaml"), "administrator.json", "server.yaml", "weak"])
        for (name, digest) in files {
            let path = name.hasPrefix("/") ? name : directory.path(name)
            #expect(try sha256(path) == digest, "\(name)")
        }
        #expect(first["version"] as? String == "0.1.0")
        let policies = try daemon.signet(["policy", "status", "--json"]).output
        #expect(policies.contains(first["policyDigest"] as? String ?? "?"))
        #expect(daemon.stop() == 0)
        #expect(try daemon.events(ofDaemon: true).last?["eventName"] as? String == "DaemonStopped")

        try directory.write("weak", "# another\n")
        try directory.write("administrator.json", PolicyInForceTests.reading)
        try daemon.start()
        let second = try start(of: daemon)
        let changed = try #require(second["files"] as? [String: String]).filter { files[$0.key] != $0.value }
        #expect(Set(changed.keys) == ["administrator.json", "weak"])
        #expect(second["policyDigest"] as? String != first["policyDigest"] as? String)

        // A killed daemon writes no stop event, and the next start event shows that.
        daemon.stop(SIGKILL)
        try daemon.start()
        let names = try daemon.events(ofDaemon: true).compactMap { $0["eventName"] as? String }
            .filter { $0.hasPrefix("Daemon") }
        #expect(names == ["DaemonStarted", "DaemonStopped", "DaemonStarted", "DaemonStarted"])
    }

    @Test func `an event of the daemon that could not be written is written once the disk recovers`()
        async throws
    {
        let control = try TemporaryDirectory()
        let daemon = try Daemon()
        try daemon.start(environment: [
            "LD_PRELOAD": Products.path("libCFaultyDisk.so"), "SIGNET_FAULTY_DISK": control.path("fault"),
        ])
        try await daemon.waitForEvent(ofDaemon: true, "TokenOpened")
        try control.write("fault", "write")
        for worker in daemon.workers() { kill(worker, SIGKILL) }
        let limit = ContinuousClock.now + .seconds(60)
        while try !daemon.log().contains("event=\"TokenOpened\"") {
            guard ContinuousClock.now < limit else {
                throw CommandFailure(description: "the token was not opened again: \(try daemon.log())")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try daemon.log().contains("an event could not be recorded yet"))
        let opened = try daemon.events(ofDaemon: true).count { $0["eventName"] as? String == "TokenOpened" }
        #expect(opened == 1)
        try FileManager.default.removeItem(atPath: control.path("fault"))
        try await daemon.waitForEvent("RecordInterrupted")
        let names = try daemon.events(ofDaemon: true).compactMap { $0["eventName"] as? String }
        #expect(names.count { $0 == "TokenOpened" } == 2, "\(names)")
        #expect(daemon.stop() == 0)
    }
}
