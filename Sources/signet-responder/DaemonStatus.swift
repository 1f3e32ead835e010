internal import APIClient
internal import Distribution
internal import Logging
internal import PKIX
internal import WireAPI

/// Asks the daemon for OCSP responses. Requests that wait while calls are in progress go together in the next
/// call, so that a call's own cost is shared where there are many.
actor DaemonStatus: StatusSource {
    private typealias Waiting = (
        request: [UInt8], continuation: CheckedContinuation<StatusResponse, any Error>
    )

    private let client: SignetClient
    private let logger: Logger
    private var waiting: [Waiting] = []
    private var calls = 0
    /// Whether the policies refused the last call, which is logged once.
    private var isDenied = false

    /// Calls in progress at once.
    private static let mostCalls = 2
    /// Octets of the requests of one call, which has at most 1 MiB in base64.
    private static let mostOctets = 500_000

    init(client: SignetClient, logger: Logger) {
        self.client = client
        self.logger = logger
    }

    func response(to request: [UInt8]) async throws -> StatusResponse {
        try await withCheckedThrowingContinuation { continuation in
            waiting.append((request, continuation))
            begin()
        }
    }

    private func begin() {
        while calls < Self.mostCalls, !waiting.isEmpty {
            var count = 0
            var octets = 0
            while count < min(waiting.count, GetOCSPResponseOperation.Input.most) {
                octets += waiting[count].request.count
                if octets > Self.mostOctets, count > 0 { break }
                count += 1
            }
            let list = Array(waiting.prefix(count))
            waiting.removeFirst(count)
            calls += 1
            Task {
                await ask(list)
                calls -= 1
                begin()
            }
        }
    }

    private func ask(_ list: [Waiting]) async {
        let answers: [StatusResponse]
        do { answers = try await responses(to: list.map(\.request)) } catch {
            for entry in list { entry.continuation.resume(throwing: error) }
            return
        }
        for (entry, answer) in zip(list, answers) { entry.continuation.resume(returning: answer) }
    }

    private func report(denial: String?) {
        defer { isDenied = denial != nil }
        guard let denial, !isDenied else { return }
        logger.error(
            "the daemon's policies do not allow this user signet:GetOCSPResponse",
            metadata: ["reason": "\(denial)"])
    }

    private nonisolated func responses(to requests: [[UInt8]]) async throws -> [StatusResponse] {
        let output: GetOCSPResponseOperation.Output
        do {
            output = try await client.call(
                GetOCSPResponseOperation.self, .init(ocspRequests: requests.map { Blob($0) }))
        } catch {
            guard case .service("AccessDeniedException", let message, _) = error else { throw error }
            await report(denial: message)
            let refusal = StatusResponse(octets: OCSPResponse.encoded(.unauthorized), authority: nil)
            return requests.map { _ in refusal }
        }
        await report(denial: nil)
        guard output.ocspResponses.count == requests.count else {
            throw APIClientError.unexpectedAnswer("the answer to GetOCSPResponse does not have each response")
        }
        return output.ocspResponses.map { response in
            StatusResponse(
                octets: response.ocspResponse.bytes,
                // The last part of its ARN.
                authority: response.certificateAuthorityArn.map {
                    String(decoding: $0.utf8.suffix(36), as: UTF8.self)
                })
        }
    }
}
