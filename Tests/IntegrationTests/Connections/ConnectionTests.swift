import Foundation
import TestSupport
import Testing

/// How a connection is kept and ended, over the real socket.
struct ConnectionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let octets: String
        var status = 200
        /// What the answer has.
        var has: [String] = ["\r\nConnection: close\r\n"]
        var hasNot: String?
    }

    static let post =
        "POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: ACMPrivateCA.ListCertificateAuthorities\r\n"
    static let malformed = [
        "\r\nConnection: close\r\n", "\r\nx-amzn-ErrorType: MalformedHttpRequestException\r\n",
        #""__type":"MalformedHttpRequestException""#,
    ]

    /// Each answer is the last one of its connection: the exchange fails when the daemon does not end it.
    static let cases = [
        Case(testDescription: "HTTP/1.0", octets: "GET /health/live HTTP/1.0\r\n\r\n"),
        Case(
            testDescription: "HTTP/1.0 that would go on",
            octets: "GET /health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
        Case(
            testDescription: "one option of several",
            octets: "GET /health/live HTTP/1.1\r\nHost: h\r\nConnection: TE, Close\r\n\r\n"),
        Case(
            testDescription: "HEAD", octets: "HEAD /health/live HTTP/1.0\r\n\r\n",
            has: ["\r\nContent-Length: 5\r\n"], hasNot: "live\n"),
        Case(
            testDescription: "HEAD of what is not there", octets: "HEAD /nothing HTTP/1.0\r\n\r\n",
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
            testDescription: "a length and chunks",
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
            testDescription: "another protocol",
            octets: "GET /health/live HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
            has: ["live\n", "\r\nConnection: close\r\n"]),
    ]

    @Test func `the last answer of a connection says so, and the connection ends behind it`() throws {
        let daemon = try Daemon()
        try daemon.start()
        for entry in Self.cases {
            let answer = try WireTests.exchange(daemon.socketPath, Array(entry.octets.utf8), seconds: 20)
            let what = "\(entry.testDescription): \(answer.prefix(600))"
            #expect(answer.hasPrefix("HTTP/1.1 \(entry.status) "), "\(what)")
            for part in entry.has { #expect(answer.contains(part), "\(what)") }
            if let hasNot = entry.hasNot { #expect(!answer.contains(hasNot), "\(what)") }
        }
        // A body is refused when a principal asked for something with it, so the log has it.
        let errors = try daemon.events().compactMap { $0["errorCode"] as? String }
        #expect(errors.filter { $0 == "MalformedHttpRequestException" }.count == 2, "\(errors)")
    }

    /// Needs curl, which asks in ways of its own.
    private func curl(_ daemon: Daemon, _ arguments: [String]) throws -> Command {
        try Command.run(
            "curl", ["-sv", "--max-time", "50", "--unix-socket", daemon.socketPath] + arguments)
    }

    @Test func `curl is answered whatever it offers, and does not wait to send a body`() throws {
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

        // Without `100 Continue` curl would wait longer than its whole time.
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
