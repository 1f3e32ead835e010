internal import Glibc
internal import NIOCore

/// The network from which a connection comes: an IPv4 address, or the first 64 bits of an IPv6 address, which
/// is the network of one site (RFC 6177). All other connections share one value.
struct SourceAddress: Sendable, Hashable {
    private let octets: UInt64
    private let isV6: Bool

    init(_ address: SocketAddress?) {
        switch address {
        case .v4(let v4)?:
            octets = UInt64(UInt32(bigEndian: v4.address.sin_addr.s_addr))
            isV6 = false
        case .v6(let v6)?:
            let all = unsafe withUnsafeBytes(of: v6.address.sin6_addr) { unsafe Array($0) }
            // RFC 4291, section 2.5.5.2: an IPv4 address of a socket that takes both.
            if all[..<10].allSatisfy({ $0 == 0 }), all[10] == 0xFF, all[11] == 0xFF {
                octets = all[12...].reduce(0) { $0 << 8 | UInt64($1) }
                isV6 = false
            } else {
                octets = all[..<8].reduce(0) { $0 << 8 | UInt64($1) }
                isV6 = true
            }
        default:
            octets = 0
            isV6 = true
        }
    }
}
