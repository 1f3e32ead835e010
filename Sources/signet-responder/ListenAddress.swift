internal import Distribution

/// `HOST:PORT`, where an IPv6 address has brackets.
struct ListenAddress {
    let address: DistributionServer.Address

    init?(_ text: String) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
            let port = Int(text[text.utf8.index(after: colon)...]), (0...65_535).contains(port)
        else { return nil }
        var host = Array(text.utf8[..<colon])
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            host = Array(host.dropFirst().dropLast())
        } else if host.contains(UInt8(ascii: ":")) {
            return nil
        }
        guard !host.isEmpty else { return nil }
        address = .host(String(decoding: host, as: UTF8.self), port: port)
    }
}
