import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Faults of a module below a daemon under load. No wrong signature is released, at most the requests that
/// meet the fault fail, and the daemon recovers by itself.
@Suite(.serialized)
struct FaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        /// The number of logins that the fault may cost.
        let logins: Int
    }

    static let faults = [
        Fault(testDescription: "request", script: "C_Sign 1 return 0x21", logins: 0),
        Fault(testDescription: "session", script: "C_SignInit 1 return 0xB3", logins: 0),
        Fault(testDescription: "all sessions closed", script: "C_SignInit 1 invalidate-sessions", logins: 1),
        Fault(testDescription: "login lost", script: "C_SignInit 1 logout", logins: 1),
        Fault(testDescription: "key handle", script: "C_SignInit 1 return 0x60", logins: 1),
        Fault(testDescription: "device", script: "C_Sign 1 return 0x30", logins: 1),
        Fault(testDescription: "vendor", script: "C_Sign 1 return 0x80000384", logins: 1),
        Fault(testDescription: "capacity", script: "C_Sign 1 return 0x2", logins: 0),
        Fault(testDescription: "crash", script: "C_Sign 1 crash", logins: 1),
        Fault(testDescription: "hang", script: "C_Sign 1 hang", logins: 1),
        Fault(testDescription: "wrong signature", script: "C_Sign 1 corrupt", logins: 1),
        Fault(testDescription: "signature of another key", script: "C_Sign 1 wrong-key", logins: 1),
        Fault(testDescription: "signature cut short", script: "C_Sign 1 truncate 1", logins: 1),
        Fault(testDescription: "signature longer than its buffer", script: "C_Sign 1 swell", logins: 1),
        Fault(testDescription: "fork", script: "C_Sign 1 fork", logins: 0),
    ]

    /// A daemon with a root, whose token is behind the faulty module.
    private struct Fixture {
        let daemon: Daemon
        let root: String

        init() async throws {
            let directory = try TemporaryDirectory()
            let token = try SoftHSM(directory)
            let script = directory.path("script")
            try directory.write("script", "# well behaved\n")
            daemon = try Daemon(
                tokens: """
                          SIGNET_FAULTY_MODULE: \(SoftHSM.modulePath)
                          SIGNET_FAULTY_CONTROL: \(script)
                          SIGNET_FAULTY_LOG: \(directory.path("calls"))
                        sign-seconds: 3
                        sessions: 2
                    insecure-own-modules: true
                    module-directories: [/]
                    """, module: Products.path("libCFaultyModule.so"), on: token)
            try daemon.start()
            root = try await daemon.client { try await $0.activeRoot() }
        }

        func script(_ text: String) throws { try daemon.token.directory.write("script", text + "\n") }

        func logins() throws -> Int {
            try daemon.token.directory.text("calls").split(separator: "\n").count { $0 == "C_Login" }
        }

        /// The certificates that a number of simultaneous callers got, and how many callers got none.
        func issue(_ count: Int) async throws -> (issued: [CertificateOutput], refused: Int) {
            let csr = try OpenSSLRequest.make()
            return try await withThrowingTaskGroup(of: CertificateOutput?.self) { group in
                for _ in 0..<count {
                    group.addTask {
                        try await daemon.client { client in
                            do { return try await client.issue(csr, by: root) } catch is APIClientError {
                                return nil
                            }
                        }
                    }
                }
                var issued: [CertificateOutput] = []
                var refused = 0
                for try await output in group {
                    if let output { issued.append(output) } else { refused += 1 }
                }
                return (issued, refused)
            }
        }

        /// Retries until a certificate is issued, and returns how long that took.
        func timeToServe() async throws -> Duration {
            let start = ContinuousClock.now
            while try await issue(1).issued.isEmpty {
                try #require(ContinuousClock.now < start + .seconds(60), "it does not serve again")
                try await Task.sleep(for: .milliseconds(20))
            }
            return ContinuousClock.now - start
        }

        func query(_ sql: String) throws -> String {
            try Command.output("sqlite3", [daemon.directory.path("signet.sqlite"), sql])
                .trimmingCharacters(in: .newlines)
        }
    }

    @Test func `a fault below a daemon under load fails at most the request it hits`() async throws {
        let fixture = try await Fixture()
        let process = fixture.daemon.processIdentifier
        for fault in Self.faults {
            try fixture.daemon.token.directory.write("calls", "")
            try fixture.script(fault.script)
            let (issued, refused) = try await fixture.issue(6)
            try fixture.script("# well behaved")
            let pause = try await fixture.timeToServe()
            print("\(fault.testDescription): \(refused) of 6 refused, serves again after \(pause)")
            // The request that meets the fault, and the one in the other session.
            #expect(refused <= 2, "\(fault.testDescription)")
            #expect(try fixture.logins() <= fault.logins, "\(fault.testDescription)")
            for output in issued {
                let verdict = try ExternalVerifiers.openssl(output)
                #expect(verdict.status == 0, "\(fault.testDescription): \(verdict.output)\(verdict.errors)")
            }
            // Every intent has been concluded.
            #expect(
                try fixture.query("SELECT count(*) FROM intent WHERE purpose <> 'CertificateList'") == "0",
                "\(fault.testDescription)")
        }
        #expect(fixture.daemon.processIdentifier == process)
        #expect(kill(process, 0) == 0)

        // Every intent has its outcome in the log, and every certificate its intent.
        let events = try fixture.daemon.events()
        func count(_ name: String) -> Int { events.count { $0["eventName"] as? String == name } }
        let issued =
            Int(try fixture.query("SELECT count(*) FROM certificate WHERE certificate IS NOT NULL")) ?? -1
        #expect(count("IssueCertificateDetails") == issued)
        #expect(count("SignatureIntent") == issued + count("SignatureOutcome"))
        #expect(fixture.daemon.stop() == 0)
    }
}
