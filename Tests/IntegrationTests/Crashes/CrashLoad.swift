import APIClient
import Foundation
import TestSupport
import WireAPI

/// Clients that request certificates, one after the other, until their daemon has exited. Every second
/// request of each has an idempotency token. A request without an answer is repeated to the next daemon.
actor CrashLoad {
    /// The ARNs that were answered.
    private(set) var answered: [String] = []
    private(set) var contradictions: [String] = []
    private var answers: [String: String] = [:]
    private var unanswered: [String]

    private let fixture: CrashFixture
    private let csr: String

    init(_ fixture: CrashFixture) throws {
        self.fixture = fixture
        csr = try OpenSSLRequest.make()
        unanswered = []
    }

    nonisolated func run(clients: Int) async {
        await withTaskGroup { group in
            for _ in 0..<clients { group.addTask { await self.askUntilItIsGone() } }
        }
    }

    private nonisolated func askUntilItIsGone() async {
        let client = SignetClient(socketPath: fixture.daemon.socketPath, timeoutSeconds: 30)
        var count = Int.random(in: 0...1)
        while !Task.isCancelled {
            count += 1
            let token = count.isMultiple(of: 2) ? await self.nextToken() : nil
            var input = IssueCertificateOperation.Input(
                certificateAuthorityArn: fixture.root, csr: Blob(csr.utf8),
                signingAlgorithm: "SHA256WITHECDSA",
                templateArn: nil, validity: .init(value: 1, type: "DAYS"))
            input.idempotencyToken = token
            do {
                let arn = try await client.call(IssueCertificateOperation.self, input).certificateArn
                await note(arn, token)
            } catch .service {
                // The worker has exited, or a request with the same idempotency token is in progress.
                if let token { await keep(token) }
                try? await Task.sleep(for: .milliseconds(5))
            } catch {
                if let token { await keep(token) }
                break
            }
        }
        try? await client.shutdown()
    }

    private func nextToken() -> String { unanswered.popLast() ?? UUID().uuidString }

    private func keep(_ token: String) { unanswered.append(token) }

    private func note(_ arn: String, _ token: String?) {
        answered.append(arn)
        guard let token else { return }
        if let earlier = answers.updateValue(arn, forKey: token), earlier != arn {
            contradictions.append("\(token): \(earlier), \(arn)")
        }
    }
}
