internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

/// Fetches CRLs and OCSP responses over HTTP, as relying parties do. End it with ``shutdown()``.
public struct StatusClient: Sendable {
    private let client: HTTPClient

    /// Seconds of one exchange.
    private static let patience: Int64 = 30
    /// Octets of a CRL that are read: some four million entries.
    private static let mostListOctets = 256 * 1024 * 1024
    /// Octets of an OCSP response that are read. A response about one certificate has some 1,000.
    private static let mostResponseOctets = 262_144

    public init() {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .follow(max: 5, allowCycles: false)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    public func shutdown() async { try? await client.shutdown() }

    /// The octets at a URL.
    public func get(_ url: String) async throws(StatusClientError) -> [UInt8] {
        try await send(HTTPClientRequest(url: url), most: Self.mostListOctets)
    }

    /// The answer to an OCSP request, sent by POST (RFC 6960, appendix A.1).
    /// - Parameter request: DER
    public func ask(_ request: [UInt8], at url: String) async throws(StatusClientError) -> [UInt8] {
        var post = HTTPClientRequest(url: url)
        post.method = .POST
        post.headers.add(name: "Content-Type", value: "application/ocsp-request")
        post.headers.add(name: "Accept", value: "application/ocsp-response")
        post.body = .bytes(ByteBuffer(bytes: request))
        return try await send(post, most: Self.mostResponseOctets)
    }

    private func send(_ request: HTTPClientRequest, most: Int) async throws(StatusClientError) -> [UInt8] {
        let (status, octets): (Int, [UInt8])
        do {
            // The timeout of the library ends with the head.
            (status, octets) = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { [client] group in
                group.addTask {
                    let response = try await client.execute(request, timeout: .seconds(Self.patience))
                    let body = try await response.body.collect(upTo: most)
                    return (Int(response.status.code), Array(body.readableBytesView))
                }
                group.addTask {
                    try await Task.sleep(for: .seconds(Self.patience))
                    throw HTTPClientError.deadlineExceeded
                }
                defer { group.cancelAll() }
                return try await group.next() ?? (0, [])
            }
        } catch {
            throw StatusClientError(
                url: request.url, reason: (error as? HTTPClientError)?.shortDescription ?? "\(error)")
        }
        guard status == 200 else {
            throw StatusClientError(url: request.url, reason: "the answer has the status \(status)")
        }
        return octets
    }
}

/// Why a document was not fetched.
public struct StatusClientError: Error, Sendable {
    public let url: String
    public let reason: String
}
