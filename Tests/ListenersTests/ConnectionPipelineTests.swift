import HTTPTypes
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Listeners

/// Octets on a connection, without a socket: what becomes a request, how it is answered, and when the connection ends.
struct ConnectionPipelineTests {
    /// A connection whose clock stands still.
    struct Connection {
        let channel = EmbeddedChannel()

        init() throws {
            try channel.connect(to: SocketAddress(unixDomainSocketPath: "/socket")).wait()
            try ConnectionPipeline.configure(
                channel, limits: ConnectionPhasesTests.limits, logger: Logger(label: "test"),
                refusal: { Array($0.utf8) })
        }

        func receive(_ text: String) {
            // Errors that leave the pipeline are those of bodies.
            _ = try? channel.writeInbound(ByteBuffer(string: text))
        }

        /// The parts of requests that have come since.
        func parts() throws -> [HTTPRequestPart] {
            var parts: [HTTPRequestPart] = []
            while let part = try channel.readInbound(as: HTTPRequestPart.self) { parts.append(part) }
            return parts
        }

        /// The methods and paths of the requests that have come since.
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

        /// What was sent since.
        func sent() throws -> String {
            var text = ""
            while let part = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
            return text
        }

        var isOpen: Bool { channel.isActive }
    }

    static let get = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test func `a connection of HTTP 1.1 is kept, and its answers do not say otherwise`() throws {
        let connection = try Connection()
        for _ in 0..<3 {
            connection.receive(Self.get)
            #expect(try connection.heads() == ["GET /health/live"])
            try connection.answer()
            #expect(try connection.sent() == "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanswer")
            #expect(connection.isOpen)
        }
    }

    @Test(arguments: [
        "GET /a HTTP/1.0\r\n\r\n",
        "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nConnection: TE, Close\r\n\r\n",
    ])
    func `the last request of a connection is answered, and nothing behind it is read`(_ request: String)
        throws
    {
        let connection = try Connection()
        connection.receive(request + Self.get)
        #expect(try connection.heads() == ["GET /a"])
        #expect(connection.isOpen)
        try connection.answer()
        let sent = try connection.sent()
        #expect(sent.hasPrefix("HTTP/1.1 200 OK\r\n") && sent.hasSuffix("\r\n\r\nanswer"), "\(sent)")
        #expect(sent.contains("\r\nConnection: close\r\n"), "\(sent)")
        #expect(!connection.isOpen)
    }

    @Test func `the answer to HEAD has the length of a body and no body`() throws {
        let connection = try Connection()
        connection.receive("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" + Self.get)
        try connection.answer()
        #expect(try connection.sent() == "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n")
        try connection.answer()
        #expect(try connection.sent() == "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanswer")
        #expect(connection.isOpen)
    }

    // MARK: Malformed requests

    struct Malformed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let octets: String
        let reason: String
    }

    static let post = "POST / HTTP/1.1\r\nHost: x\r\n"
    static let malformed = [
        Malformed(
            testDescription: "a Host that is none", octets: "GET / HTTP/1.1\r\nHost: é\r\n\r\n",
            reason: "Host must be a host"),
        Malformed(
            testDescription: "a length of more than 64 bits",
            octets: post + "Content-Length: 99999999999999999999\r\n\r\n{}", reason: "Content-Length"),
        Malformed(
            testDescription: "a negative length", octets: post + "Content-Length: -5\r\n\r\n{}",
            reason: "Content-Length"),
        Malformed(
            testDescription: "a length with a sign", octets: post + "Content-Length: +5\r\n\r\n{}",
            reason: "Content-Length"),
        Malformed(
            testDescription: "two lengths",
            octets: post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", reason: "Content-Length"),
        Malformed(
            testDescription: "a length of two numbers", octets: post + "Content-Length: 2, 3\r\n\r\n{}",
            reason: "Content-Length"),
        Malformed(
            testDescription: "a length and chunks",
            octets: post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            reason: "Content-Length"),
        Malformed(
            testDescription: "chunks and a length",
            octets: post + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            reason: "Content-Length"),
        Malformed(
            testDescription: "another coding", octets: post + "Transfer-Encoding: gzip\r\n\r\n{}",
            reason: "Transfer-Encoding must be `chunked`"),
        Malformed(
            testDescription: "two codings",
            octets: post + "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            reason: "Transfer-Encoding must be `chunked`"),
        Malformed(
            testDescription: "two hosts", octets: "GET /a HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n",
            reason: "two Host fields"),
        Malformed(
            testDescription: "two hosts of an older version",
            octets: "GET /a HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", reason: "two Host fields"),
        Malformed(
            testDescription: "another protocol", octets: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            reason: "the version of the protocol"),
        Malformed(
            testDescription: "an older protocol", octets: "GET /a HTTP/0.9\r\n\r\n",
            reason: "the version of the protocol"),
        Malformed(testDescription: "no HTTP", octets: "\u{16}\u{3}\u{1}\r\n\r\n", reason: "method"),
        Malformed(
            testDescription: "a long field",
            octets: post + "X: \(String(repeating: "x", count: 20_000))\r\n\r\n", reason: "the head has more"),
        Malformed(
            testDescription: "many fields",
            octets: post + String(repeating: "X: x\r\n", count: 201) + "\r\n", reason: "the head has more"),
    ]

    @Test(arguments: malformed)
    func `a malformed request is answered 400 with its reason at once`(_ request: Malformed) throws {
        let connection = try Connection()
        connection.receive(request.octets)
        let sent = try connection.sent()
        #expect(sent.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(sent)")
        #expect(sent.contains("\r\nConnection: close\r\n"), "\(sent)")
        #expect(sent.contains("\r\nx-amzn-ErrorType: MalformedHttpRequestException\r\n"), "\(sent)")
        #expect(sent.contains("\r\n\r\n") && sent.contains(request.reason), "\(sent)")
        #expect(!connection.isOpen)
        #expect(try connection.heads().isEmpty)
    }

    @Test func `requests before a malformed one are answered before it is`() throws {
        let connection = try Connection()
        connection.receive(Self.get + Self.get + "nonsense\r\n\r\n" + Self.get)
        #expect(try connection.heads().count == 2)
        #expect(try connection.sent() == "")
        try connection.answer()
        #expect(try connection.sent() == "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanswer")
        try connection.answer()
        #expect(try connection.sent().contains("answerHTTP/1.1 400 Bad Request\r\n"))
        #expect(!connection.isOpen)
    }

    // MARK: Chunks

    static let chunked = post + "Transfer-Encoding: chunked\r\n\r\n"

    @Test func `trailers are ignored, and the next request is read`() throws {
        let connection = try Connection()
        connection.receive(
            Self.chunked + "2\r\n{}\r\n0\r\nX-Checksum: 1\r\nExpires: never\r\n\r\n" + Self.get)
        let parts = try connection.parts()
        #expect(parts.count == 5)
        guard parts.count > 2, case .body(let body) = parts[1], case .end(nil) = parts[2] else {
            Issue.record("\(parts)")
            return
        }
        #expect(String(buffer: body) == "{}")
        #expect(connection.isOpen)
    }

    @Test func `trailers count with the head`() throws {
        let connection = try Connection()
        let field = "X: \(String(repeating: "x", count: 10_000))\r\n"
        #expect(throws: MalformedRequest.self) {
            try connection.channel.writeInbound(
                ByteBuffer(
                    string: Self.chunked + "2\r\n{}\r\n0\r\n" + String(repeating: field, count: 4) + "\r\n"))
        }
    }

    @Test(arguments: [
        "1;extension=\(String(repeating: "x", count: 1000))\r\nx\r\n", "1\r\nx\r\n",
        "\(String(repeating: "0", count: 1000))1\r\nx\r\n",
    ])
    func `the framing of chunks is bounded`(_ chunk: String) throws {
        let connection = try Connection()
        connection.receive(Self.chunked)
        let read = ByteBuffer(string: String(repeating: chunk, count: max(1, 16_000 / chunk.utf8.count)))
        var octets = 0
        var fault: (any Error)?
        while fault == nil, octets < 4 * MessageOverhead.most {
            octets += read.readableBytes
            do { _ = try connection.channel.writeInbound(read) } catch { fault = error }
        }
        #expect(fault is MalformedRequest, "\(octets) octets, \(String(describing: fault))")
        // What is answered to the body's reader ends the connection.
        try connection.answer(.badRequest)
        #expect(try connection.sent().contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
    }

    @Test func `a large body in ordinary chunks is read whole, with the next one`() throws {
        let connection = try Connection()
        for _ in 0..<2 {
            connection.receive(Self.chunked)
            let chunk = "4000\r\n\(String(repeating: "x", count: 16_384))\r\n"
            for _ in 0..<256 { connection.receive(chunk) }
            connection.receive("0\r\n\r\n")
            let octets = try connection.parts().reduce(into: 0) { octets, part in
                if case .body(let buffer) = part { octets += buffer.readableBytes }
            }
            #expect(octets == 4 * 1024 * 1024)
            try connection.answer()
        }
        #expect(connection.isOpen)
    }

    // MARK: Expectations

    static let expecting = post + "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n"

    @Test func `a client that expects it is told to go on once its body is wanted`() throws {
        let connection = try Connection()
        connection.receive(Self.expecting)
        #expect(try connection.sent() == "")
        for _ in 0..<2 {
            connection.channel.triggerUserOutboundEvent(BodyWanted(), promise: nil)
        }
        #expect(try connection.sent() == "HTTP/1.1 100 Continue\r\n\r\n")
        connection.receive("{}")
        try connection.answer()
        #expect(try connection.sent() == "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanswer")
        #expect(connection.isOpen)
    }

    @Test(arguments: [
        expecting + "{}", post + "Content-Length: 2\r\n\r\n",
        "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
    ])
    func `a client that does not wait is not told`(_ request: String) throws {
        let connection = try Connection()
        connection.receive(request)
        connection.channel.triggerUserOutboundEvent(BodyWanted(), promise: nil)
        #expect(try connection.sent() == "")
    }

    @Test func `a request refused by its head gets one answer, and its body is not read`() throws {
        let connection = try Connection()
        connection.receive(Self.expecting)
        try connection.answer(.contentTooLarge)
        let sent = try connection.sent()
        #expect(sent.hasPrefix("HTTP/1.1 413 "), "\(sent)")
        #expect(sent.contains("\r\nConnection: close\r\n"), "\(sent)")
        #expect(!connection.isOpen)
    }

    // MARK: Other protocols

    @Test(arguments: [
        "GET /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
    ])
    func `a request that offers another protocol is answered, and octets behind it are not kept`(
        _ request: String
    ) throws {
        let connection = try Connection()
        let counter = ReadCounter()
        try connection.channel.pipeline.syncOperations.addHandler(counter, position: .first)
        connection.channel.read()
        #expect(counter.reads == 1)
        connection.receive(request)
        #expect(try connection.heads() == ["GET /a"])
        // The socket is asked for nothing more.
        connection.channel.read()
        #expect(counter.reads == 1)
        connection.receive(Self.get)
        #expect(try connection.parts().allSatisfy { if case .end = $0 { true } else { false } })
        try connection.answer()
        #expect(try connection.sent().contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
    }

    @Test func `CONNECT is answered, and nothing behind it is read`() throws {
        let connection = try Connection()
        connection.receive("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n" + Self.get)
        #expect(try connection.heads().map { $0.hasPrefix("CONNECT ") } == [true])
        try connection.answer()
        #expect(try connection.sent().contains("\r\nConnection: close\r\n"))
        #expect(try connection.heads().isEmpty)
        #expect(!connection.isOpen)
    }

    /// Counts how often the socket is asked for octets.
    final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var reads = 0

        func read(context: ChannelHandlerContext) {
            reads += 1
            context.read()
        }
    }

    // MARK: The end

    @Test func `nothing reaches the service once the connection is closed`() throws {
        let connection = try Connection()
        // The decoder passes on every part of one read, even after the connection was closed.
        connection.receive(String(repeating: Self.get, count: ConnectionLimits.mostOutstanding + 3))
        #expect(!connection.isOpen)
        // A head and an end each: of those that closed it, the ends are not handed on either.
        #expect(try connection.parts().count == 2 * ConnectionLimits.mostOutstanding)
        connection.receive(Self.get)
        #expect(try connection.parts().isEmpty)
    }

    @Test func `a deadline closes the connection, and the rest of the request is not handed on`() throws {
        let connection = try Connection()
        connection.receive(Self.post + "Content-Length: 100\r\n\r\n{")
        #expect(try connection.parts().count == 2)
        connection.channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(connection.isOpen)
        connection.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!connection.isOpen)
        connection.receive(String(repeating: "x", count: 99))
        #expect(try connection.parts().isEmpty)
    }

    @Test func `a daemon that stops says so in the answers that are due`() throws {
        let connection = try Connection()
        connection.receive(Self.get)
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(connection.isOpen)
        try connection.answer()
        #expect(try connection.sent().contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
    }
}
