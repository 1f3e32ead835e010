/// The party that sent a request, as its front end proved it. A ``Binding`` maps it to a principal.
public enum Caller: Sendable, Hashable {
    /// A process on this machine, by the kernel's facts about it.
    case process(Peer)

    /// A caller without any facts. No configuration can map it.
    public static let unknown = Caller.process(.unknown)

    /// The user on this machine that the caller acts for.
    public var uid: UInt32 {
        switch self {
        case .process(let peer): peer.uid
        }
    }

    /// Whether two callers count as one officer. Two principals of one user are one officer.
    public func isSameOfficer(as other: Caller) -> Bool {
        switch (self, other) {
        case (.process(let peer), .process(let another)): peer.uid == another.uid
        }
    }
}

extension Caller: CustomStringConvertible {
    public var description: String {
        switch self {
        case .process(let peer): peer.description
        }
    }
}

/// A process has the form of its ``Peer``, so that approvals that were stored before there were other callers
/// can be read.
extension Caller: Codable {
    public init(from decoder: any Decoder) throws { self = .process(try Peer(from: decoder)) }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .process(let peer): try peer.encode(to: encoder)
        }
    }
}
