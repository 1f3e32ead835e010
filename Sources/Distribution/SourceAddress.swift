internal import NIOCore
internal import PKIX

/// The network from which a connection comes: an IPv4 address, or the first 64 bits of an IPv6 address, which
/// is the network of one site (RFC 6177). All other connections share one value.
struct SourceAddress: Sendable, Hashable {
    private let octets: [UInt8]

    init(_ address: SocketAddress?) {
        // A zone is behind a percent sign (RFC 4007, section 11).
        let text = (address?.ipAddress ?? "").utf8.prefix { $0 != UInt8(ascii: "%") }
        let all = IPAddress.octets(String(decoding: text, as: UTF8.self)) ?? []
        // RFC 4291, section 2.5.5.2: an IPv4 address at a socket that takes both.
        let isMapped = all.count == 16 && all[..<10].allSatisfy { $0 == 0 } && all[10...11] == [0xFF, 0xFF]
        octets = isMapped ? Array(all[12...]) : Array(all.prefix(8))
    }
}
