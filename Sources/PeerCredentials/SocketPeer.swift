internal import CPlatform
internal import Glibc

/// The process at the other end of a connected Unix socket, as the kernel kept it when it connected
/// (`SO_PEERCRED`, `SO_PEERGROUPS`, `SO_PEERPIDFD`; unix(7)).
///
/// It is read when the connection is accepted: later the process may have ended, and its number may be
/// another's.
public final class SocketPeer: Sendable {
    public let pid: Int32
    /// The effective user and group.
    public let uid: UInt32
    public let gid: UInt32
    /// The supplementary groups.
    public let groups: [UInt32]
    /// The process itself.
    public let process: PeerProcess

    /// - Parameter socket: the descriptor of the accepted connection; it stays the caller's
    /// - Returns: nil when the kernel does not know all of it. Such a peer is refused, and never taken for
    ///   one without groups.
    public init?(socket: Int32) {
        var credentials = signet_peer_credentials()
        var size = socklen_t(MemoryLayout<signet_peer_credentials>.size)
        guard unsafe getsockopt(socket, SOL_SOCKET, signet_so_peercred, &credentials, &size) == 0,
            // A process of another PID namespace has the number 0, an unset user the number -1.
            credentials.uid != UInt32.max, credentials.pid > 0,
            let groups = Self.groups(socket), let hold = Self.hold(socket)
        else { return nil }
        (pid, uid, gid) = (credentials.pid, credentials.uid, credentials.gid)
        self.groups = groups
        process = PeerProcess(pid: credentials.pid, uid: credentials.uid, gid: credentials.gid, hold: hold)
    }

    private static func groups(_ socket: Int32) -> [UInt32]? {
        var capacity = 64
        while true {
            var groups = [UInt32](repeating: 0, count: capacity)
            var size = socklen_t(capacity * MemoryLayout<UInt32>.size)
            let answer = unsafe getsockopt(socket, SOL_SOCKET, signet_so_peergroups, &groups, &size)
            let count = Int(size) / MemoryLayout<UInt32>.size
            if answer == 0 { return Array(groups.prefix(count)) }
            // The kernel says how many there are; NGROUPS_MAX is 65,536.
            guard errno == ERANGE, count > capacity, count <= 65_536 else { return nil }
            capacity = count
        }
    }

    private static func hold(_ socket: Int32) -> PeerProcess.Hold? {
        var descriptor: Int32 = -1
        var size = socklen_t(MemoryLayout<Int32>.size)
        if unsafe getsockopt(socket, SOL_SOCKET, signet_so_peerpidfd, &descriptor, &size) == 0 {
            return .pidfd(descriptor)
        }
        return hold(forError: errno)
    }

    /// What an error of `SO_PEERPIDFD` says of the process.
    /// - Returns: nil when it says nothing, such as EMFILE
    static func hold(forError error: Int32) -> PeerProcess.Hold? {
        switch error {
        // An unknown option: the kernel is older than Linux 6.5.
        case ENOPROTOOPT: .numberOnly
        // The process was reaped: EINVAL before Linux 6.16, ESRCH or ENODATA since.
        case EINVAL, ESRCH, ENODATA: .ended
        default: nil
        }
    }
}
