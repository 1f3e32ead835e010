/// The deadlines of the phases of a connection, and the limits on what is read.
public struct PhaseLimits: Sendable, Hashable {
    /// Seconds until a request's head is complete, from the moment the connection is accepted or the last
    /// answer is sent; until its body is complete, from its head; and until an answer is sent, from its first
    /// octet, beside the time its size allows.
    public var idleSeconds: Int
    /// Seconds until a complete request is answered.
    public var handlingSeconds: Int

    /// An answer gets one more second for each so many octets.
    public static let octetsPerSecond = 65_536
    /// Heads that may be read before their predecessors are answered. Few clients send one before.
    public static let mostOutstanding = 4
    /// Octets of the names and values of a head, with those of its trailers; heads of the API's clients have
    /// some 1,000.
    public static let mostHeadOctets = 32_768
    /// Octets of one field of a head.
    public static let mostFieldOctets = 16_384
    public static let mostFields = 200
    /// Octets that the decoder keeps of a head that is not complete.
    public static let mostBufferedOctets = 65_536
    /// Seconds a phase may go on once the server is stopping, but for handling.
    public static let graceSeconds = 5

    public init(idleSeconds: Int, handlingSeconds: Int) {
        self.idleSeconds = idleSeconds
        self.handlingSeconds = handlingSeconds
    }
}
