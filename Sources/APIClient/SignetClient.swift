internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
public import WireAPI

/// Calls the API of a daemon on this machine. Thread-safe; end it with ``shutdown()``.
public struct SignetClient: Sendable {
    private let client: HTTPClient
    private let socketPath: String
    private let timeout: TimeAmount
    /// The longest answer: a CRL of 8 MiB, and a third more in base64.
    private static let mostOctets = 16 * 1024 * 1024

    /// - Parameters:
    ///   - socketPath: the daemon's Unix socket
    ///   - timeoutSeconds: how long one call may take
    public init(socketPath: String, timeoutSeconds: Int64 = 120) {
        // Does not retry when the daemon is not running: the call fails at once.
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        self.socketPath = socketPath
        timeout = .seconds(timeoutSeconds)
    }

    /// Closes the connections.
    public func shutdown() async throws {
        try await client.shutdown()
    }

    /// Carries out one operation. What the daemon refuses is thrown as
    /// ``APIClientError/service(type:message:requestID:)``.
    public func call<Operation: WireOperation>(
        _: Operation.Type, _ input: Operation.Input
    ) async throws(APIClientError) -> Operation.Output {
        let answer: (status: Int, requestID: String?, body: Data)
        do {
            answer = try await post(Operation.target, try WireCoding.encode(input))
        } catch {
            throw .unreachable(
                socketPath: socketPath, reason: Self.reason(error),
                errorNumber: (error as? IOError)?.errnoCode)
        }
        guard answer.status == 200 else {
            guard let error = try? JSONDecoder().decode(ErrorBody.self, from: answer.body) else {
                throw .unexpectedAnswer("HTTP status \(answer.status)")
            }
            throw .service(type: error.type, message: error.message, requestID: answer.requestID)
        }
        do { return try WireCoding.decode(Operation.Output.self, from: answer.body) } catch {
            throw .unexpectedAnswer("the answer to \(Operation.name) does not have its shape")
        }
    }

    private func post(_ target: String, _ body: Data) async throws -> (Int, String?, Data) {
        guard let url = URL(httpURLWithSocketPath: socketPath, uri: "/") else {
            throw APIClientError.unexpectedAnswer("the socket path cannot be used")
        }
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/x-amz-json-1.1")
        request.headers.add(name: "X-Amz-Target", value: target)
        // A URL of a Unix socket has no host, and RFC 9112, section 3.2, wants the field.
        request.headers.add(name: "Host", value: "localhost")
        request.headers.add(name: "User-Agent", value: "signet")
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await client.execute(request, timeout: timeout)
        let content = try await response.body.collect(upTo: Self.mostOctets)
        return (
            Int(response.status.code), response.headers.first(name: "x-amzn-RequestId"),
            Data(content.readableBytesView)
        )
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as IOError: unsafe String(cString: strerror(error.errnoCode))
        case let error as HTTPClientError: error.description
        default: "\(error)"
        }
    }
}
