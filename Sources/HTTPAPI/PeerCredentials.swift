internal import Authorization
internal import CPlatform
internal import NIOCore

extension Channel {
    /// Who the kernel says is at the other end (SO_PEERCRED, unix(7)); nil when it does not say.
    func peer() async -> Peer? {
        guard let options = self as? any SocketOptionProvider else { return nil }
        let name = NIOBSDSocket.Option(rawValue: signet_so_peercred)
        let future: EventLoopFuture<signet_peer_credentials> = options.unsafeGetSocketOption(
            level: .socket, name: name)
        // A negative pid or the overflow of an unset uid would be a kernel that does not know.
        guard let credentials = try? await future.get(), credentials.uid != UInt32.max else { return nil }
        return Peer(pid: credentials.pid, uid: credentials.uid, gid: credentials.gid)
    }
}
