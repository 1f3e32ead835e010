import Foundation
import TestSupport
import Testing

/// The steps of Docs/Services.md with a real nginx. curl and wrk check it.
struct NginxTests {
    /// An nginx that serves the document's configuration.
    private final class Server {
        private let process: ChildProcess
        let directory: TemporaryDirectory
        let port: Int

        /// - Parameter directory: has the certificate and the key
        init(_ directory: TemporaryDirectory) throws {
            self.directory = directory
            // Another process may have a port that is chosen; nginx then ends.
            for _ in 0..<20 {
                let port = Int.random(in: 20_000..<60_000)
                if let process = try Self.start(directory, port) {
                    (self.process, self.port) = (process, port)
                    return
                }
            }
            throw CommandFailure(description: try directory.text("nginx.log"))
        }

        /// Nil when nginx ended before it served.
        private static func start(_ directory: TemporaryDirectory, _ port: Int) throws -> ChildProcess? {
            let document = try Document("Docs/Services.md").text
            let block = try #require(document.firstMatch(of: /```nginx\n([\s\S]*?)```/)).1
                .replacing("8443", with: "\(port)")
            try directory.write(
                "nginx.conf",
                """
                daemon off;
                pid nginx.pid;
                error_log stderr;
                events {}
                http {
                    access_log off;
                    client_body_temp_path body;
                    proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                \(block)}
                """)
            let process = try ChildProcess(
                "nginx", ["-p", directory.path, "-c", "nginx.conf", "-e", "stderr"],
                errors: .file(directory.handle("nginx.log")))
            let end = ContinuousClock.now + .seconds(60)
            while process.isRunning, ContinuousClock.now < end {
                if try curl(directory, port).status == 0 { return process }
                usleep(20_000)
            }
            process.terminate()
            return nil
        }

        deinit { process.terminate() }

        var reload: String { "nginx -p \(directory.path) -c nginx.conf -e stderr -s reload" }

        func curl() throws -> Command { try Self.curl(directory, port) }

        private static func curl(_ directory: TemporaryDirectory, _ port: Int) throws -> Command {
            try Command.run(
                "curl",
                [
                    "--silent", "--show-error", "--cacert", directory.path("root.pem"), "--resolve",
                    "web.example.test:\(port):127.0.0.1", "https://web.example.test:\(port)/",
                ])
        }

        /// The serial number of the certificate that it presents.
        func presented() throws -> String {
            let shown = try Command.run(
                "openssl",
                [
                    "s_client", "-connect", "127.0.0.1:\(port)", "-servername", "web.example.test",
                    "-showcerts",
                ])
            #expect(shown.output.matches(of: /BEGIN CERTIFICATE/).count == 2, "the leaf and its issuer")
            return try Command.output(
                "openssl", ["x509", "-noout", "-serial"], input: Data(shown.output.utf8))
        }
    }

    @Test func `nginx renews under load without a failed handshake`() async throws {
        let fixture = try await ServiceFixture.limited()
        try fixture.renew().require()
        let server = try Server(fixture.host)
        #expect(try server.curl().status == 0)
        let first = try server.presented()
        let rounds = ProcessInfo.processInfo.environment["SIGNET_LONG"] == nil ? 20 : 100
        // Ended by a signal after the last round, and longer than all rounds.
        let load = try ChildProcess(
            "wrk",
            [
                "-t1", "-c4", "-d3600s", "-H", "Connection: close", "-H", "Host: web.example.test",
                "https://127.0.0.1:\(server.port)/",
            ], output: .file(fixture.host.handle("wrk.log")))
        for round in 0..<rounds {
            let isRefused = round % 4 == 3
            let before = try (fixture.host.text("web.pem"), fixture.host.text("web.key"))
            let result = try fixture.renew(
                (isRefused ? ["--dns", "denied.example.test"] : []) + ["--reload", server.reload])
            #expect(result.status == (isRefused ? 77 : 0), "round \(round): \(result)")
            let after = try (fixture.host.text("web.pem"), fixture.host.text("web.key"))
            #expect((after == before) == isRefused, "round \(round)")
            let inCertificate = try Command.output(
                "openssl", ["x509", "-in", fixture.certificate, "-noout", "-pubkey"])
            #expect(try Command.output("openssl", ["pkey", "-in", fixture.key, "-pubout"]) == inCertificate)
        }
        #expect(load.isRunning, "the load ended before the last round")
        load.send(SIGINT)
        load.wait()
        let report = try fixture.host.text("wrk.log")
        #expect(report.contains("requests in") && !report.contains("Socket errors"), "\(report)")
        let end = ContinuousClock.now + .seconds(60)
        while try server.presented() == first, ContinuousClock.now < end { usleep(50_000) }
        #expect(try server.presented() != first)
        #expect(try server.curl().status == 0)
        #expect(fixture.daemon.stop() == 0)
    }
}
