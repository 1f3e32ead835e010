import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// A database restored from an older copy is consistent in itself. The token still holds the newer keys.
struct RestoredDatabaseTests {
    private func keysWithoutRecord(_ daemon: Daemon) throws -> [[String: Any]] {
        try daemon.events().filter { $0["eventName"] as? String == "KeysWithoutRecord" }.map {
            try #require($0["serviceEventDetails"] as? [String: Any])
        }
    }

    @Test func `a restored older database is detected by the keys on the token`() async throws {
        let daemon = try Daemon()
        try daemon.extend("log: {origin: ca.example.com/log}")
        try daemon.start()
        _ = try await daemon.client { try await $0.activeRoot() }
        try daemon.signet(["audit", "checkpoint"]).require()
        #expect(daemon.stop() == 0)
        // A closed database is a single file.
        let (database, copy) = (daemon.directory.path("signet.sqlite"), daemon.directory.path("copy"))
        try Command.output("cp", [database, copy])
        try daemon.start()
        let lost = try await daemon.client {
            try await $0.createAuthority("ROOT", commonName: "Made after the copy")
        }
        // Until now every key has its row, including the key of the log.
        try await daemon.waitForKeyComparison()
        #expect(daemon.stop() == 0)
        #expect(try keysWithoutRecord(daemon).isEmpty)
        try Command.output("mv", [copy, database])
        try daemon.start()
        try await daemon.waitForEvent("KeysWithoutRecord")
        let notices = try keysWithoutRecord(daemon)
        #expect(notices.count == 1)
        #expect(notices[0]["count"] as? String == "1")
        let keys = try #require(notices[0]["keys"] as? [[String: String]])
        let label = try #require(keys.first?["label"])
        #expect(keys.count == 1 && lost.hasSuffix("/" + label), "\(keys)")
        #expect(try daemon.log().contains("labels=\"\(label)\""))
        // The daemon keeps serving, and a replaced worker reports nothing new.
        for worker in daemon.workers() { kill(worker, SIGKILL) }
        _ = try await daemon.client { try await $0.activeRoot() }
        try await daemon.waitForKeyComparison()
        #expect(daemon.stop() == 0)
        #expect(try keysWithoutRecord(daemon).count == 1)
    }
}
