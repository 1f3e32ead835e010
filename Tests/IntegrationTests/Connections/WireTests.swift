import APIClient
import Foundation
import TestSupport
import Testing
import WireAPI

/// Octets on the socket that no ordinary client sends.
struct WireTests {
    /// Sends octets and reads until the daemon closes the connection or `seconds` have passed.
    static func exchange(_ path: String, _ bytes: [UInt8], seconds: Int = 5, close: Bool = true) throws
        -> String
    {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else { throw CommandFailure(description: "cannot connect") }
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { break }
            sent += count
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            // The daemon closed the connection before it read the whole request.
            if count < 0, errno == ECONNRESET { break }
            if count < 0 { throw CommandFailure(description: "the daemon kept the connection open") }
            if count == 0 { break }
            answer += buffer.prefix(count)
        }
        return String(decoding: answer, as: UTF8.self)
    }

    static func post(_ target: String?, _ body: String, path: String = "/") -> [UInt8] {
        var head =
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n"
        if let target { head += "X-Amz-Target: \(target)\r\n" }
        return Array((head + "\r\n" + body).utf8)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let status: String
        let body: String
    }

    private static func notAnObject(_ body: String, _ found: String) -> Case {
        Case(
            testDescription: "JSON that is \(found)",
            bytes: post("ACMPrivateCA.ListCertificateAuthorities", body), status: "400",
            body:
                #""message":"the body must be a JSON object, but is \#(found)""#
        )
    }

    static let cases = [
        notAnObject("null", "null"), notAnObject("[]", "an array"), notAnObject("1", "a number"),
        notAnObject("1.5", "a number"), notAnObject(#""x""#, "a string"), notAnObject("true", "a boolean"),
        Case(
            testDescription: "malformed JSON",
            bytes: post("ACMPrivateCA.ListCertificateAuthorities", "{\n\"MaxResults\": "),
            status: "400",
            body:
                #""message":"the body is not JSON: line 2: a value is missing"#
        ),
        Case(
            testDescription: "an empty body", bytes: post("ACMPrivateCA.ListCertificateAuthorities", ""),
            status: "400",
            body: #""message":"the body is not JSON: line 1: "#),
        Case(
            testDescription: "a repeated member",
            bytes: post("ACMPrivateCA.ListCertificateAuthorities", #"{"MaxResults": 1, "MaxResults": 2}"#),
            status: "400", body: #""__type":"SerializationException""#),
        Case(
            testDescription: "a required member with a lower-case initial, which is another member",
            bytes: post(
                "ACMPrivateCA.DescribeCertificateAuthority",
                #"{"certificateAuthorityArn": "arn:aws:acm-pca:us-local-1:000000000000:certificate-authority/a"}"#
            ),
            status: "400", body: #""__type":"ValidationException""#),
        Case(
            testDescription: "a member of the wrong type",
            bytes: post("ACMPrivateCA.ListCertificateAuthorities", #"{"MaxResults": "two"}"#), status: "400",
            body: #""__type":"SerializationException""#),
        Case(
            testDescription: "a member of ApiPassthrough of the wrong type",
            bytes: post(
                "ACMPrivateCA.IssueCertificate",
                #"{"ApiPassthrough": {"Extensions": {"KeyUsage": {"DigitalSignature": "yes"}}}}"#),
            status: "400",
            body:
                "the member `apiPassthrough.extensions.keyUsage.digitalSignature` is not of its type, which is true or false"
        ),
        Case(
            testDescription: "an element of ApiPassthrough of the wrong type",
            bytes: post(
                "ACMPrivateCA.IssueCertificate",
                #"{"ApiPassthrough": {"Extensions": {"SubjectAlternativeNames": [{"DnsName": "a"}, {"DnsName": 5}]}}}"#
            ),
            status: "400",
            body:
                "the member `apiPassthrough.extensions.subjectAlternativeNames.2.member.dnsName` is not of its type, which is a string"
        ),
        Case(
            testDescription: "a list that is an object",
            bytes: post(
                "ACMPrivateCA.IssueCertificate",
                #"{"ApiPassthrough": {"Subject": {"CustomAttributes": {"ObjectIdentifier": "1.2.3"}}}}"#),
            status: "400",
            body: "the member `apiPassthrough.subject.customAttributes` is not of its type, which is a list"),
        Case(
            testDescription: "a blob that is not base64",
            bytes: post("ACMPrivateCA.IssueCertificate", #"{"CertificateAuthorityArn": "a", "Csr": "%"}"#),
            status: "400", body: "the member `csr` is not valid: not base64"),
        Case(
            testDescription: "a missing member",
            bytes: post("ACMPrivateCA.DescribeCertificateAuthority", "{}"),
            status: "400",
            body:
                "Value null at 'certificateAuthorityArn' failed to satisfy constraint: Member must not be null"
        ),
        Case(
            testDescription: "deeply nested JSON",
            bytes: post(
                "ACMPrivateCA.CreateCertificateAuthority",
                #"{"Tags": "# + String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000)
                    + "}"),
            status: "400", body: #""__type":""#),
        Case(
            testDescription: "an unknown operation", bytes: post("ACMPrivateCA.MakeCoffee", "{}"),
            status: "400",
            body: #""__type":"UnknownOperationException""#),
        Case(
            testDescription: "an operation of another service", bytes: post("TrentService.Sign", "{}"),
            status: "400",
            body: #""__type":"UnknownOperationException""#),
        Case(
            testDescription: "no target", bytes: post(nil, "{}"), status: "400",
            body: #""__type":"MissingAction""#),
        Case(
            testDescription: "another path",
            bytes: post("ACMPrivateCA.ListCertificateAuthorities", "{}", path: "/x"),
            status: "400", body: #""__type":"UnknownOperationException""#),
        Case(
            testDescription: "a body with a length that is too large",
            bytes: Array(
                "POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: ACMPrivateCA.IssueCertificate\r\nContent-Length: 4194305\r\n\r\n"
                    .utf8), status: "413", body: #""__type":"RequestEntityTooLargeException""#),
        Case(
            testDescription: "a chunked body that grows too large",
            bytes: Array(
                ("POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: ACMPrivateCA.IssueCertificate\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n400001\r\n").utf8)
                + [UInt8](repeating: 0x20, count: 0x400001) + Array("\r\n0\r\n\r\n".utf8),
            status: "413", body: #""__type":"RequestEntityTooLargeException""#),
        Case(
            testDescription: "not HTTP", bytes: Array("\u{16}\u{3}\u{1} hello\r\n\r\n".utf8),
            status: "400", body: ""),
    ]

    @Test
    func `malformed input gets a typed error or a closed connection, and the daemon continues to serve`()
        async throws
    {
        let daemon = try Daemon(limits: "idle-seconds: 2")
        try daemon.start()
        for entry in Self.cases {
            let answer = try Self.exchange(daemon.socketPath, entry.bytes)
            #expect(
                answer.hasPrefix("HTTP/1.1 \(entry.status)"),
                "\(entry.testDescription): \(answer.prefix(300))")
            #expect(
                entry.body.isEmpty || answer.contains(entry.body),
                "\(entry.testDescription): \(answer.prefix(600))")
        }
        // A client that sends nothing, one that stops in its head, and one that stops in its body.
        for bytes in [
            "", "POST / HT",
            "POST / HTTP/1.1\r\nHost: h\r\nX-Amz-Target: ACMPrivateCA.IssueCertificate\r\nContent-Length: 9\r\n\r\n{",
        ] {
            _ = try Self.exchange(daemon.socketPath, Array(bytes.utf8), seconds: 8)
        }
        let health = try Self.exchange(
            daemon.socketPath,
            Array("GET /health/ready HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".utf8))
        #expect(health.hasPrefix("HTTP/1.1 200"))
        #expect(health.hasSuffix("ready\n"))
        // RFC 9110, section 5.6.7.
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "'Date: 'EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let date = health.split(separator: "\r\n").first { $0.hasPrefix("Date: ") }
        let time = try #require(date.flatMap { format.date(from: String($0)) }, "\(health)")
        #expect(format.string(from: time) == date.map(String.init))
        #expect(abs(time.timeIntervalSinceNow) < 60)
        try await daemon.client { client in
            let root = try await client.activeRoot()
            // Without a well-formed serial number there is no certificate.
            for number in ["-1", "-f", "+f", "-", "f", "zz"] {
                let error = await #expect(throws: APIClientError.self) {
                    try await client.call(
                        GetCertificateOperation.self,
                        .init(certificateAuthorityArn: root, certificateArn: "\(root)/certificate/\(number)"))
                }
                #expect(
                    "\(String(describing: error))".contains("ResourceNotFoundException"),
                    "\(String(describing: error))")
            }
            _ = try await client.call(
                DescribeCertificateAuthorityOperation.self, .init(certificateAuthorityArn: root))
        }
    }
}
