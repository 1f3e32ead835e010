import Foundation
import TestSupport
import Testing

/// When the daemon keeps a connection open and when it closes it, over the real socket.
struct ConnectionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let octets: String
        var status = 200
        /// Text that the answer must contain.
        var has: [String] = ["\r\nConnection: close\r\n"]
        var hasNot: String?
    }

    static let post =
        "POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: ACMPrivateCA.ListCertificateAuthorities\r\n"
    static let malformed = [
        "\r\nConnection: close\r\n", "\r\nx-amzn-ErrorType: MalformedHttpRequestException\r\n",
        #""__type":"MalformedHttpRequestException""#,
    ]

    /// Each answer is the last of its connection: the test fails if the daemon does not close it.
    static let cases = [
        Case(testDescription: "HTTP/1.0", octets: "GET /health/live HTTP/1.0\r\n\r\n"),
        Case(
            testDescription: "HTTP/1.0 with keep-alive",
            octets: "GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
        Case(
            testDescription: "`close` among several options",
            octets: "GET /health/live HTTP/1.1\r\nHost: h\r\nConnection: TE, Close\r\n\r\n"),
        Case(
            testDescription: "HEAD", octets: "HEAD /health/live HTTP/1.0\r\n\r\n",
            has: ["\r\nContent-Length: 5\r\n"], hasNot: "live\n"),
        Case(
            testDescription: "HEAD of an unknown path", octets: "HEAD /nothing HTTP/1.0\r\n\r\n",
            status: 404, has: ["\r\nContent-Length: "], hasNot: "there are"),
        Case(
            testDescription: "a length of more than 64 bits",
            octets: post + "Content-Length: 99999999999999999999\r\n\r\n{}", status: 400, has: malformed),
        Case(
            testDescription: "a length of 2^63",
            octets: post + "Content-Length: 9223372036854775808\r\n\r\n{}", status: 413),
        Case(
            testDescription: "the longest length of 64 bits",
            octets: post + "Content-Length: 18446744073709551615\r\n\r\n{}", status: 413),
        Case(
            testDescription: "a length together with chunks",
            octets: post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            status: 400, has: malformed),
        Case(
            testDescription: "a chunk without a size",
            octets: post + "Transfer-Encoding: chunked\r\n\r\nx\r\n", status: 400, has: malformed),
        Case(
            testDescription: "a long chunk extension",
            octets: post + "Transfer-Encoding: chunked\r\n\r\n1;" + String(repeating: "x", count: 200_000),
            status: 400, has: malformed),
        Case(
            testDescription: "trailers",
            octets: post
                + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n",
            has: [#"{"CertificateAuthorities":[]}"#]),
        Case(
            testDescription: "an expected body that is too large",
            octets: post + "Expect: 100-continue\r\nContent-Length: 9000000\r\n\r\n", status: 413,
            hasNot: "100 Continue"),
        Case(
            testDescription: "an upgrade to another protocol",
            octets: "GET /health/live HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
            has: ["live\n", "\r\nConnection: close\r\n"]),
    ]

    @Test func `the last answer of a connection says close, and the connection closes after it`() throws {
        let daemon = try Daemon()
        try daemon.start()
        for entry in Self.cases {
            let answer = try WireTests.exchange(daemon.socketPath, Array(entry.octets.utf8), seconds: 20)
            let what = "\(entry.testDescription): \(answer.prefix(600))"
            #expect(answer.hasPrefix("HTTP/1.1 \(entry.status) "), "\(what)")
            for part in entry.has { #expect(answer.contains(part), "\(what)") }
            if let hasNot = entry.hasNot { #expect(!answer.contains(hasNot), "\(what)") }
        }
        // The request of a principal was refused for its body, so the log has its event.
        let errors = try daemon.events().compactMap { $0["errorCode"] as? String }
        #expect(errors.filter { $0 == "MalformedHttpRequestException" }.count == 2, "\(errors)")
    }

    /// Needs curl, which sends requests in its own way.
    private func curl(_ daemon: Daemon, _ arguments: [String]) throws -> Command {
        try Command.run(
            "curl", ["-sv", "--max-time", "50", "--unix-socket", daemon.socketPath] + arguments)
    }

    @Test func `curl gets an answer to every protocol it offers, and sends a body without delay`() throws {
        let daemon = try Daemon()
        try daemon.start()
        let live = "http://localhost/health/live"
        for arguments in [["--http2", live], ["--http1.0", live], ["--http2", live, live]] {
            let result = try curl(daemon, arguments)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == String(repeating: "live\n", count: arguments.count - 1), "\(result)")
        }
        let head = try curl(daemon, ["--head", live])
        #expect(head.status == 0 && head.output.contains("Content-Length: 5\r\n"), "\(head)")

        // Without `100 Continue` curl would wait longer than its own time limit.
        let body = #"{"NextToken": ""# + String(repeating: "x", count: 2_000_000) + #""}"#
        try daemon.directory.write("body", body)
        let target = "X-Amz-Target: ACMPrivateCA.ImportCertificateAuthorityCertificate"
        let sent = try curl(
            daemon,
            [
                "--expect100-timeout", "600", "-H", "Expect: 100-continue", "-H", target,
                "--data-binary", "@" + daemon.directory.path("body"), "http://localhost/",
            ])
        #expect(sent.status == 0, "\(sent.errors)")
        #expect(sent.errors.contains("100 Continue"), "\(sent.errors)")
        #expect(sent.output.contains("ValidationException"), "\(sent.output)")
    }
}
