import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

extension CrashFixture {
    /// Issues a certificate and returns its ARN.
    func issue(_ csr: String, token: String? = nil) async throws -> String {
        try await daemon.client { client in
            var input = IssueCertificateOperation.Input(
                certificateAuthorityArn: root, csr: Blob(csr.utf8), signingAlgorithm: "SHA256WITHECDSA",
                templateArn: nil, validity: .init(value: 1, type: "DAYS"))
            input.idempotencyToken = token
            return try await client.call(IssueCertificateOperation.self, input).certificateArn
        }
    }

    /// The results of that many simultaneous requests: an ARN or an error each.
    func issueConcurrently(_ count: Int, _ csr: String) async -> [Result<String, any Error>] {
        await withTaskGroup(of: Result<String, any Error>.self) { group in
            for _ in 0..<count {
                group.addTask { () -> Result<String, any Error> in
                    do { return .success(try await issue(csr)) } catch { return .failure(error) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    func openIntents() throws -> Int {
        try number("SELECT count(*) FROM intent WHERE purpose <> 'CertificateList'")
    }

    /// Returns when the newest checkpoint covers the whole log. Throws after a minute.
    func waitForCheckpoint() async throws {
        let limit = ContinuousClock.now + .seconds(60)
        let isWhole = "SELECT (SELECT max(size) FROM checkpoint) = (SELECT max(position) FROM event)"
        while try number(isWhole) != 1 {
            guard ContinuousClock.now < limit else {
                throw CommandFailure(description: "there is no checkpoint of the whole log")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// The result of a query for one number.
    private func number(_ query: String) throws -> Int {
        let text = try Command.output("sqlite3", [daemon.directory.path("signet.sqlite"), query])
        return Int(text.trimmingCharacters(in: .newlines)) ?? -1
    }

    /// Returns when that many intents are open. Throws after a minute.
    func waitForOpenIntents(_ count: Int) async throws { try await waitForOpenIntents { $0 == count } }

    /// Returns when an intent is open. Throws after a minute.
    func waitForOpenIntent() async throws { try await waitForOpenIntents { $0 > 0 } }

    private func waitForOpenIntents(_ areEnough: (Int) -> Bool) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while try !areEnough(openIntents()) {
            guard ContinuousClock.now < limit else {
                throw CommandFailure(description: "\(try openIntents()) intents are open")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// The value of one series in `/metrics`.
    func metric(_ series: String) throws -> Int? {
        let text = try Command.output(
            "curl", ["--silent", "--unix-socket", daemon.socketPath, "http://signet/metrics"])
        return text.split(separator: "\n").first { $0.hasPrefix("\(series) ") }
            .flatMap { Int($0.dropFirst(series.count + 1)) }
    }

    /// Exports the log into a directory of that name, and verifies it as an auditor does.
    func verifyLog(into name: String = "export") throws {
        let key = try daemon.signet(["audit", "checkpoint", "--key"])
        try key.require()
        try daemon.directory.write("log.key", key.output)
        try daemon.signet(["audit", "export", daemon.directory.path(name)]).require()
        let verified = try Command.run(
            Products.path("signet"),
            [
                "audit", "verify", daemon.directory.path(name), "--key", daemon.directory.path("log.key"),
                "--json",
            ])
        #expect(verified.output.contains(#""status":"OK""#), "\(verified.output)\(verified.errors)")
    }
}
