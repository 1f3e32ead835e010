import Foundation
import NIOCore
import NIOHTTP1
import PKIX
import Testing

@testable import Distribution

/// The paths of requests, as octets.
struct DistributionRequestTests {
    private static let id = Fixture.authority

    @Test(arguments: [
        ("/crl/\(id).crl", "list"), ("/crl/\(id).crl?x=/../y", "list"), ("/ca/\(id).cer", "certificate"),
        ("http://host:80/crl/\(id).crl", "list"), ("/health/live", "live"), ("/health/ready", "ready"),
        ("/metrics", "metrics"), ("/", "notFound"), ("", "notFound"), ("*", "notFound"),
        ("/crl/\(id)/0.crl", "partition"), ("/crl/\(id)/1023.crl?x", "partition"),
        ("/crl/\(id)/00.crl", "notFound"), ("/crl/\(id)/.crl", "notFound"),
        ("/crl/\(id)/12345.crl", "notFound"), ("/crl/\(id)/-1.crl", "notFound"),
        ("/crl/\(id)/a.crl", "notFound"), ("/crl/\(id)//1.crl", "notFound"),
        ("/crl/\(id)/1\u{301}.crl", "notFound"), ("/crl/\(id)/../1.crl", "notFound"),
        ("/crl/../crl/\(id).crl", "notFound"), ("/crl/\(id).cer", "notFound"), ("/ca/\(id).crl", "notFound"),
        ("/crl/\(id.uppercased()).crl", "notFound"), ("/crl/%30\(id.dropFirst()).crl", "notFound"),
        ("/crl/\(id.dropLast())/.crl", "notFound"), ("/crl/\(id).crl\u{301}", "notFound"),
        ("/crl//etc/passwd", "notFound"), ("/crl/", "notFound"), ("/published/crl/\(id).crl", "notFound"),
        ("/M", "malformedStatus"), ("/MA%", "malformedStatus"), ("/MA%zz", "malformedStatus"),
        ("/MAA=", "status"), ("/MAA%3D", "status"), ("//MAA%3d", "status"), ("/ocsp/MAA=", "status"),
        ("/MAA=\u{301}", "malformedStatus"), ("/M" + String(repeating: "A", count: 5000), "malformedStatus"),
    ])
    func `a path names a document or a request`(_ path: String, _ expected: String) {
        let request = DistributionRequest(.GET, uri: path, body: [])
        #expect("\(request)".prefix { $0 != "(" } == expected)
        #expect("\(DistributionRequest(.HEAD, uri: path, body: []))" == "\(request)")
    }

    @Test func `a GET has the request in base64, with and without percent signs`() throws {
        let octets: [UInt8] = [0x30, 0x03, 0xFB, 0xFF, 0xFE]
        for path in ["/MAP7//4=", "/MAP7%2F%2F4%3D", "/MAP7%2f%2f4%3d", "/ocsp/MAP7//4="] {
            guard case .status(let read) = DistributionRequest(.GET, uri: path, body: []) else {
                Issue.record("\(path)")
                continue
            }
            #expect(read == octets, "\(path)")
        }
    }

    @Test func `a POST has it as its body, and other methods are refused`() {
        for path in ["/", "/ocsp", "/ocsp/", "/?x"] {
            guard case .status([1, 2]) = DistributionRequest(.POST, uri: path, body: [1, 2]) else {
                Issue.record("\(path)")
                continue
            }
        }
        #expect("\(DistributionRequest(.POST, uri: "/crl/\(Self.id).crl", body: []))" == "notFound")
        for method in [HTTPMethod.PUT, .DELETE, .CONNECT, .OPTIONS, .TRACE] {
            #expect("\(DistributionRequest(method, uri: "/", body: []))" == "methodNotAllowed")
        }
    }
}

/// Which connections share their limits.
struct SourceAddressTests {
    private static func address(_ text: String) throws -> SourceAddress {
        SourceAddress(try SocketAddress(ipAddress: text, port: 1))
    }

    @Test func `a source is an IPv4 address, or an IPv6 network of 64 bits`() throws {
        #expect(try Self.address("192.0.2.1") == Self.address("::ffff:192.0.2.1"))
        #expect(try Self.address("192.0.2.1") != Self.address("192.0.2.2"))
        #expect(try Self.address("2001:db8::1") == Self.address("2001:db8::2:0:0:1"))
        #expect(try Self.address("2001:db8::1") != Self.address("2001:db8:0:1::1"))
        #expect(SourceAddress(nil) == SourceAddress(try SocketAddress(unixDomainSocketPath: "/s")))
    }
}
