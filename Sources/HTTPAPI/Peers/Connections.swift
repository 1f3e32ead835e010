internal import Authorization
internal import CPlatform
internal import Foundation
internal import NIOCore
internal import Synchronization

/// Who is at the other end of a connection.
struct PeerFinding: Sendable {
    let peer: Peer
    /// Why it cannot be held to account, completing "because …"; nil when it can.
    var fault: String?
}

/// The connections and who made them, which the kernel keeps for each and which never changes.
final class Connections: Sendable {
    private let peers = Mutex<[ObjectIdentifier: ConnectedPeer]>([:])

    /// Who is at the other end now. The process that connected is looked at anew for every request, and one that has ended
    /// or changed its user since is at fault.
    func peer(of channel: any Channel) async -> PeerFinding {
        let nobody = PeerFinding(peer: .unknown, fault: "the kernel does not say who is asking")
        guard let connected = await connected(channel) else { return nobody }
        var peer = connected.peer
        do { try connected.process.complete(&peer) } catch {
            return PeerFinding(peer: connected.peer, fault: error.reason)
        }
        return PeerFinding(peer: peer)
    }

    private func connected(_ channel: any Channel) async -> ConnectedPeer? {
        let identity = ObjectIdentifier(channel)
        if let known = peers.withLock({ $0[identity] }) { return known }
        guard let options = channel as? any SocketOptionProvider else { return nil }
        let read = channel.eventLoop.flatSubmit { ConnectedPeer.read(from: options) }
        guard let peer = try? await read.get() else { return nil }
        peers.withLock { $0[identity] = peer }
        channel.closeFuture.whenComplete { [self] _ in peers.withLock { $0[identity] = nil } }
        return peer
    }
}

/// What the socket itself knows of its other end.
private final class ConnectedPeer: Sendable {
    let peer: Peer
    let process: PeerProcess

    private init?(_ credentials: signet_peer_credentials, _ groups: [UInt32], _ hold: PeerProcess.Hold) {
        let process = PeerProcess(pid: credentials.pid, hold: hold)
        // A negative pid or the overflow of an unset uid would be a kernel that does not know.
        guard credentials.uid != UInt32.max, credentials.pid > 0 else { return nil }
        peer = Peer(pid: credentials.pid, uid: credentials.uid, gid: credentials.gid, groups: groups)
        self.process = process
    }

    /// Nil when the kernel does not know.
    static func read(from options: any SocketOptionProvider) -> EventLoopFuture<ConnectedPeer?> {
        func option<Value: Sendable>(_ name: CInt, _: Value.Type) -> EventLoopFuture<Value> {
            options.unsafeGetSocketOption(level: .socket, name: .init(rawValue: name))
        }
        let groups = option(signet_so_peergroups, signet_peer_groups.self)
            .map { Self.list($0) }
            // More than fit: none can be relied on.
            .recover { _ in [] }
        let process = option(signet_so_peerpidfd, Int32.self).map { PeerProcess.Hold.sure($0) }
            .flatMapErrorThrowing {
                switch ($0 as? IOError)?.errnoCode {
                case ESRCH: return .ended
                // The kernel is older than Linux 6.5.
                case EINVAL, ENOPROTOOPT: return .none
                // No descriptor is left: a peer of whom less is known than could be is nobody.
                default: throw $0
                }
            }
        return option(signet_so_peercred, signet_peer_credentials.self).and(groups).and(process).map {
            ConnectedPeer($0.0.0, $0.0.1, $0.1)
        }
    }

    private static func list(_ groups: signet_peer_groups) -> [UInt32] {
        var list = unsafe withUnsafeBytes(of: groups.groups) { unsafe Array($0.bindMemory(to: UInt32.self)) }
        while list.last == 0 { list.removeLast() }
        return list
    }
}
