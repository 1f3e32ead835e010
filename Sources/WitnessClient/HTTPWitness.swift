internal import AsyncHTTPClient
public import AuditLog
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
public import TransparencyLog

/// A witness that is asked over HTTP (C2SP tlog-witness).
public struct HTTPWitness: Witness {
    public let key: NoteVerifier
    private let url: String
    private let client: HTTPClient

    /// Seconds until a witness that does not answer is given up for this checkpoint.
    private static let patience: Int64 = 5
    /// Octets of an answer that are read: a few signature lines.
    private static let longest = 16_384

    /// - Parameter url: its submission prefix, `http` or `https`, without a slash at the end
    public init(url: String, key: NoteVerifier) {
        self.url = url + "/add-checkpoint"
        self.key = key
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    public func add(_ request: WitnessRequest) async throws(WitnessFault) -> String {
        let (status, body): (Int, String)
        do { (status, body) = try await post(request.body) } catch {
            throw .unreachable(reason: Self.reason(error))
        }
        switch status {
        case 200: return body
        case 409:
            guard let size = UInt64(body.trimmingCharacters(in: .newlines)) else {
                throw .signedSomethingElse
            }
            throw .signedLast(size: size)
        case 403: throw .refused(reason: "the log's key is not one it knows (HTTP 403)")
        case 404: throw .refused(reason: "it does not know this log (HTTP 404)")
        case 422: throw .refused(reason: "the log does not continue what it signed before (HTTP 422)")
        default: throw .refused(reason: "HTTP \(status)")
        }
    }

    public func shutdown() async { try? await client.shutdown() }

    private func post(_ body: String) async throws -> (Int, String) {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "text/plain; charset=utf-8")
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await client.execute(request, timeout: .seconds(Self.patience))
        let bytes = try await response.body.collect(upTo: Self.longest)
        return (Int(response.status.code), String(buffer: bytes))
    }

    private static func reason(_ error: any Error) -> String {
        (error as? HTTPClientError)?.shortDescription ?? "\(error)"
    }
}
