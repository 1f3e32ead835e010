import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import HTTPConnections

extension ConnectionPipelineTests {
    // MARK: Malformed requests

    struct Malformed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let octets: String
        let reason: String
    }

    static let post = "POST / HTTP/1.1\r\nHost: x\r\n"
    static let malformed = [
        Malformed(
            testDescription: "a malformed Host", octets: "GET / HTTP/1.1\r\nHost: é\r\n\r\n",
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
            testDescription: "a length, then chunks",
            octets: post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            reason: "Content-Length"),
        Malformed(
            testDescription: "chunks, then a length",
            octets: post + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            reason: "Content-Length"),
        Malformed(
            testDescription: "an unknown coding", octets: post + "Transfer-Encoding: gzip\r\n\r\n{}",
            reason: "Transfer-Encoding must be `chunked`"),
        Malformed(
            testDescription: "two codings",
            octets: post + "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            reason: "Transfer-Encoding must be `chunked`"),
        Malformed(
            testDescription: "two hosts", octets: "GET /a HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n",
            reason: "two Host fields"),
        Malformed(
            testDescription: "two hosts in HTTP/1.0",
            octets: "GET /a HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", reason: "two Host fields"),
        Malformed(
            testDescription: "HTTP/2.0", octets: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            reason: "the version of the protocol"),
        Malformed(
            testDescription: "HTTP/0.9", octets: "GET /a HTTP/0.9\r\n\r\n",
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
        let connection = try PipelineConnection()
        connection.receive(request.octets)
        let sent = try connection.sent()
        #expect(sent.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(sent)")
        #expect(sent.contains("\r\nConnection: close\r\n"), "\(sent)")
        #expect(sent.contains("\r\nx-amzn-ErrorType: MalformedHttpRequestException\r\n"), "\(sent)")
        #expect(sent.contains("\r\n\r\n") && sent.contains(request.reason), "\(sent)")
        #expect(!connection.isOpen)
        #expect(try connection.heads().isEmpty)
    }

    @Test func `requests before a malformed one are answered first`() throws {
        let connection = try PipelineConnection()
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
        let connection = try PipelineConnection()
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

    @Test func `the limits of the head include trailers`() throws {
        let connection = try PipelineConnection()
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
    func `the framing of chunks is limited`(_ chunk: String) throws {
        let connection = try PipelineConnection()
        connection.receive(Self.chunked)
        let read = ByteBuffer(string: String(repeating: chunk, count: max(1, 16_000 / chunk.utf8.count)))
        var octets = 0
        var fault: (any Error)?
        while fault == nil, octets < 4 * MessageOverhead.most {
            octets += read.readableBytes
            do { _ = try connection.channel.writeInbound(read) } catch { fault = error }
        }
        #expect(fault is MalformedRequest, "\(octets) octets, \(String(describing: fault))")
        // The error that the body's reader gets closes the connection.
        try connection.answer(.badRequest)
        #expect(try connection.sent().contains("\r\nConnection: close\r\n"))
        #expect(!connection.isOpen)
    }

    @Test func `a large body in ordinary chunks is read completely, and the next request too`() throws {
        let connection = try PipelineConnection()
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
}
