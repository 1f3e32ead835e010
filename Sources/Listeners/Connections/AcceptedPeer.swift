internal import Authorization
internal import NIOCore
internal import NIOPosix
public import Operations
internal import PeerCredentials

/// The peer of one connection, read when the connection was accepted.
public struct AcceptedPeer: RequestSource {
    /// Nil when the kernel does not report the peer.
    private let socket: SocketPeer?
    private let subordinate: Peer.Subordinate?

    /// Call it on the channel's event loop, before anything is read.
    init(of channel: any Channel, subordinates: SubordinateUsers) {
        socket =
            (try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable {
                (handle: NIOBSDSocket.Handle) in SocketPeer(socket: handle)
            }) ?? nil
        subordinate = socket.flatMap { peer in
            guard case .subordinate(let owner) = subordinates.standing(of: peer.uid) else { return nil }
            return Peer.Subordinate(owner: owner)
        }
    }

    /// The process that connected; 0 when it is not known.
    public var pid: Int32 { socket?.pid ?? 0 }

    /// The user that connected; nil when it is not known.
    public var uid: UInt32? { socket?.uid }

    /// The user to which the peer's requests are charged; for a subordinate user, the owner of its range.
    public var accountable: UInt32 { subordinate?.owner ?? socket?.uid ?? Peer.unknown.uid }

    /// Examines the process again. It is a fault if the process has ended or has changed its user.
    public func finding() -> CallerFinding {
        guard let socket else {
            return CallerFinding(caller: .unknown, fault: "the kernel does not say who is asking")
        }
        func caller(_ facts: PeerProcess.Facts) -> Caller {
            .process(
                Peer(
                    pid: socket.pid, uid: socket.uid, gid: socket.gid, groups: socket.groups,
                    cgroup: facts.controlGroup?.path, executable: facts.executable, subordinate: subordinate))
        }
        do { return CallerFinding(caller: caller(try socket.process.facts()), fault: nil) } catch {
            return CallerFinding(caller: caller(PeerProcess.Facts()), fault: error.reason)
        }
    }
}
