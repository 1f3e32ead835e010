import Foundation
import TestSupport
import Testing

struct RuntimeTests {
    // The symbols that a program imports from its libraries, as listed by nm(1) of binutils.
    @Test(arguments: ["signetd", "signet-token-worker", "signet", "signet-token"])
    func `no program hooks the Swift runtime`(_ program: String) throws {
        let symbols = try Command.output("nm", ["-D", "--undefined-only", Products.path(program)])
            .split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) }
        #expect(symbols.contains { $0.hasPrefix("swift_") })
        let hooks = symbols.filter { $0.hasPrefix("swift_") && $0.hasSuffix("_hook") }
        #expect(hooks == [])
    }

    @Test func `no thread of a daemon that signs is bound to a core`() async throws {
        func cores(_ status: String) throws -> Substring? {
            try String(contentsOfFile: status, encoding: .utf8).split(separator: "\n")
                .first { $0.hasPrefix("Cpus_allowed_list") }
        }
        let daemon = try Daemon()
        try daemon.start()
        _ = try await daemon.client { try await $0.activeRoot() }
        let expected = try #require(try cores("/proc/self/status"))
        let workers = daemon.workers()
        #expect(!workers.isEmpty)
        for process in [daemon.processIdentifier] + workers {
            let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")
            #expect(threads.count > 1)
            // A thread may have ended in the meantime.
            for thread in threads {
                guard let found = try? cores("/proc/\(process)/task/\(thread)/status") else { continue }
                #expect(found == expected)
            }
        }
    }
}
