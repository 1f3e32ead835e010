import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import HTTPConnections

/// Octets on a connection, without a socket: the requests they form, the answers, and when the connection
/// closes.
struct ConnectionPipelineTests {
    static let get = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test func `an HTTP 1.1 connection stays open, and its answers do not say close`() throws {
        let connection = try PipelineConnection()
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
    func `the last request of a connection is answered, and no octet after it is read`(_ request: String)
        throws
    {
        let connection = try PipelineConnection()
        connection.receive(request + Self.get)
        #expect(try connection.heads() == ["GET /a"])
        #expect(connection.isOpen)
        try connection.answer()
        let sent = try connection.sent()
        #expect(sent.hasPrefix("HTTP/1.1 200 OK\r\n") && sent.hasSuffix("\r\n\r\nanswer"), "\(sent)")
        #expect(sent.contains("\r\nConnection: close\r\n"), "\(sent)")
        #expect(!connection.isOpen)
    }

    @Test func `the answer to HEAD has the length of the body but no body`() throws {
        let connection = try PipelineConnection()
        connection.receive("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" + Self.get)
        try connection.answer()
        #expect(try connection.sent() == "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n")
        try connection.answer()
        #expect(try connection.sent() == "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanswer")
        #expect(connection.isOpen)
    }

    // MARK: Expectations

    static let expecting = post + "Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n"

    @Test func `a client that expects 100 Continue gets it once its body is wanted`() throws {
        let connection = try PipelineConnection()
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
    func `a client that does not wait gets no 100 Continue`(_ request: String) throws {
        let connection = try PipelineConnection()
        connection.receive(request)
        connection.channel.triggerUserOutboundEvent(BodyWanted(), promise: nil)
        #expect(try connection.sent() == "")
    }

    @Test func `a request refused by its head gets one answer, and its body is not read`() throws {
        let connection = try PipelineConnection()
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
    func `a request that offers another protocol is answered, and octets after it are not buffered`(
        _ request: String
    ) throws {
        let connection = try PipelineConnection()
        let counter = ReadCounter()
        try connection.channel.pipeline.syncOperations.addHandler(counter, position: .first)
        connection.channel.read()
        #expect(counter.reads == 1)
        connection.receive(request)
        #expect(try connection.heads() == ["GET /a"])
        // Nothing more is read from the socket.
        connection.channel.read()
        #expect(counter.reads == 1)
        connection.receive(Self.get)
        #expect(try connection.parts().allSatisfy { if case .end = $0 { true } else { false } })
        try connection.answer()
        #expect(try connection.sent().contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
    }

    @Test func `CONNECT is answered, and no octet after it is read`() throws {
        let connection = try PipelineConnection()
        connection.receive("CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n" + Self.get)
        #expect(try connection.heads().map { $0.hasPrefix("CONNECT ") } == [true])
        try connection.answer()
        #expect(try connection.sent().contains("\r\nConnection: close\r\n"))
        #expect(try connection.heads().isEmpty)
        #expect(!connection.isOpen)
    }

    /// Counts the reads from the socket.
    final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var reads = 0

        func read(context: ChannelHandlerContext) {
            reads += 1
            context.read()
        }
    }

    // MARK: Closing

    @Test func `the service receives nothing after the connection is closed`() throws {
        let connection = try PipelineConnection()
        // The decoder forwards every part of one read, even after the connection was closed.
        connection.receive(String(repeating: Self.get, count: PhaseLimits.mostOutstanding + 3))
        #expect(!connection.isOpen)
        // A head and an end each; the end of the closing request is not forwarded either.
        #expect(try connection.parts().count == 2 * PhaseLimits.mostOutstanding)
        connection.receive(Self.get)
        #expect(try connection.parts().isEmpty)
    }

    @Test func `a deadline closes the connection, and the rest of the request is not forwarded`() throws {
        let connection = try PipelineConnection()
        connection.receive(Self.post + "Content-Length: 100\r\n\r\n{")
        #expect(try connection.parts().count == 2)
        connection.channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(connection.isOpen)
        connection.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!connection.isOpen)
        connection.receive(String(repeating: "x", count: 99))
        #expect(try connection.parts().isEmpty)
    }

    @Test func `a stopping daemon says close in its pending answers`() throws {
        let connection = try PipelineConnection()
        connection.receive(Self.get)
        connection.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(connection.isOpen)
        try connection.answer()
        #expect(try connection.sent().contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
    }
}
