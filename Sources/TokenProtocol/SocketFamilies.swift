/// The socket families that a module may use.
public struct SocketFamilies: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// AF_UNIX: services of the machine, such as pcscd, D-Bus or openCryptoki's pkcsslotd.
    public static let unix = SocketFamilies(rawValue: 1)
    /// AF_INET and AF_INET6: tokens on the network.
    public static let internet = SocketFamilies(rawValue: 2)
    public static let all: SocketFamilies = [.unix, .internet]
}
