import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

@testable import HTTPConnections

/// A connection with a clock that does not advance by itself.
struct PipelineConnection {
    let channel = EmbeddedChannel()

    init() throws {
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/socket")).wait()
        try ConnectionPipeline.configure(
            channel, limits: ConnectionPhasesTests.limits, logger: Logger(label: "test"),
            refusal: { reason in
                MalformedAnswer(
                    fields: [
                        ("Content-Type", "application/x-amz-json-1.1"),
                        ("x-amzn-ErrorType", "MalformedHttpRequestException"),
                    ], body: Array(reason.utf8))
            })
        try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: false))
    }

    func receive(_ text: String) {
        // Only errors of bodies leave the pipeline.
        _ = try? channel.writeInbound(ByteBuffer(string: text))
    }

    /// The parts of requests received since the last call.
    func parts() throws -> [HTTPRequestPart] {
        var parts: [HTTPRequestPart] = []
        while let part = try channel.readInbound(as: HTTPRequestPart.self) { parts.append(part) }
        return parts
    }

    /// The methods and paths of the requests received since the last call.
    func heads() throws -> [String] {
        try parts().compactMap { part in
            guard case .head(let head) = part else { return nil }
            return "\(head.method) \(head.path ?? "")"
        }
    }

    func answer(_ status: HTTPResponse.Status = .ok, _ body: String = "answer") throws {
        let fields: HTTPFields = [.contentLength: "\(body.utf8.count)"]
        try channel.writeOutbound(
            HTTPResponsePart.head(HTTPResponse(status: status, headerFields: fields)))
        try channel.writeOutbound(HTTPResponsePart.body(ByteBuffer(string: body)))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
    }

    /// The octets sent since the last call.
    func sent() throws -> String {
        var text = ""
        while let part = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
        return text
    }

    var isOpen: Bool { channel.isActive }
}
