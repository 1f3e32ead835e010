import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Kills the daemon at random and at chosen moments while clients request certificates, again and again on
/// the same database and token.
///
/// `SIGNET_CRASHES=2000 Scripts/test --filter CrashTests` kills it that often, and prints its progress.
@Suite(.serialized)
struct CrashTests {
    static let kills = ProcessInfo.processInfo.environment["SIGNET_CRASHES"].flatMap { Int($0) } ?? 24
    private static let slowly = "C_Sign * delay 8"
    /// How many times a daemon is killed on one database before a new fixture is made.
    static let killsPerFixture = 100

    /// How a daemon ends.
    private enum End: CaseIterable {
        /// Waits until the token signs. On a slow machine the other ends may come while no request is in
        /// progress.
        case whileSigning
        case daemon
        /// Kills the worker first; the daemon runs on for a moment.
        case workerThenDaemon
        /// Kills it again while it starts.
        case daemonTwice
        case workerAndDaemon
    }

    @Test func `the audit log stays consistent wherever the daemon is killed`() async throws {
        var left = Self.kills
        var open = 0
        while left > 0 {
            let kills = min(left, Self.killsPerFixture)
            open += try await kill(kills, before: Self.kills - left)
            left -= kills
        }
        // Without a kill between an intent and its outcome the test would show little.
        #expect(open > 0)
    }

    /// - Returns: the number of intents that were found without an outcome
    private func kill(_ kills: Int, before: Int) async throws -> Int {
        // A slow token makes kills between intent and outcome more likely.
        let fixture = try await CrashFixture(script: Self.slowly)
        let load = try CrashLoad(fixture)
        var open = 0
        for round in 1...kills {
            let asking = Task { await load.run(clients: 6) }
            try await Task.sleep(for: .milliseconds(Int.random(in: 10...500)))
            try await end(fixture, End.allCases[round % End.allCases.count])
            await asking.value

            let evidence = try fixture.copy(answered: await load.answered)
            async let checked = evidence.check()
            try fixture.start()
            let verdict = try await checked
            let reported = try fixture.reportedUnfinished()
            #expect(reported == Set(verdict.open), "kill \(before + round)")
            open += verdict.open.count
            if round.isMultiple(of: 25) || Self.kills <= 50 {
                print(
                    "kill \(before + round) of \(Self.kills): \(verdict.events) events, \(verdict.certificates) certificates, \(verdict.signatures) signatures, \(verdict.open.count) open"
                )
            }
        }
        #expect(await load.contradictions == [])
        let answered = await load.answered
        try await checkCertificates(of: fixture, answered)
        try fixture.verifyLog()
        #expect(fixture.daemon.stop() == 0)
        let verdict = try fixture.copy(answered: answered).check()
        #expect(verdict.open == [])
        print(
            "\(kills) kills: \(answered.count) answered, \(verdict.certificates) certificates, \(open) intents were open"
        )
        return open
    }

    private func end(_ fixture: CrashFixture, _ end: End) async throws {
        func pause() async throws { try await Task.sleep(for: .milliseconds(Int.random(in: 0...200))) }
        func killWorkers() { for worker in fixture.daemon.workers() { Foundation.kill(worker, SIGKILL) } }
        switch end {
        case .whileSigning:
            try fixture.script("C_Sign * delay 3000")
            try await fixture.waitForOpenIntent()
            fixture.daemon.stop(SIGKILL)
            try fixture.script(Self.slowly)
        case .daemon: fixture.daemon.stop(SIGKILL)
        case .workerThenDaemon:
            killWorkers()
            try await pause()
            fixture.daemon.stop(SIGKILL)
        case .daemonTwice:
            fixture.daemon.stop(SIGKILL)
            let moment = Date(timeIntervalSinceNow: .random(in: 0...0.4))
            try fixture.daemon.start { Date() > moment }
            fixture.daemon.stop(SIGKILL)
        case .workerAndDaemon:
            killWorkers()
            fixture.daemon.stop(SIGKILL)
        }
    }

    /// Every answered certificate can be fetched, and OpenSSL accepts it.
    private func checkCertificates(of fixture: CrashFixture, _ answered: [String]) async throws {
        let directory = try TemporaryDirectory()
        var files: [String] = []
        try await fixture.daemon.client { client in
            let root = try await client.call(
                GetCertificateAuthorityCertificateOperation.self, .init(certificateAuthorityArn: fixture.root)
            ).certificate
            try directory.write("root.pem", root)
            for arn in Set(answered) {
                let output = try await client.call(
                    GetCertificateOperation.self,
                    .init(certificateAuthorityArn: fixture.root, certificateArn: arn))
                files.append("\(arn.suffix(32)).pem")
                try directory.write(files.last ?? "", output.certificate)
            }
        }
        try #require(!files.isEmpty)
        for start in stride(from: 0, to: files.count, by: 500) {
            let some = files[start..<min(start + 500, files.count)].map(directory.path)
            try Command.output(
                "openssl", ["verify", "-x509_strict", "-CAfile", directory.path("root.pem")] + some)
        }
    }
}
