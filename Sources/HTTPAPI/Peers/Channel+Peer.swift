internal import Authorization
internal import CPlatform
internal import Foundation
internal import NIOCore

/// Who is at the other end of a connection.
struct PeerFinding: Sendable {
    let peer: Peer
    /// Why it cannot be held to account, completing "because …"; nil when it can.
    var fault: String?
}

extension Channel {
    /// Who is at the other end now. The kernel keeps who connected; that process is looked at anew for every request, and
    /// one that has ended or changed its user since is at fault.
    func peer() async -> PeerFinding {
        let nobody = PeerFinding(peer: .unknown, fault: "the kernel does not say who is asking")
        guard let options = self as? any SocketOptionProvider else { return nobody }
        let facts = try? await eventLoop.flatSubmit { SocketFacts.read(from: options) }.get()
        // A negative pid or the overflow of an unset uid would be a kernel that does not know.
        guard let facts, facts.credentials.uid != UInt32.max, facts.credentials.pid > 0 else { return nobody }
        var peer = Peer(
            pid: facts.credentials.pid, uid: facts.credentials.uid, gid: facts.credentials.gid,
            groups: facts.groups)
        let process = PeerProcess(pid: facts.credentials.pid, descriptor: facts.process)
        do { try process.complete(&peer) } catch { return PeerFinding(peer: peer, fault: error.reason) }
        return PeerFinding(peer: peer)
    }
}

/// What the socket itself knows of its other end.
private struct SocketFacts: Sendable {
    /// A pidfd of the process that connected.
    enum Process: Sendable {
        case descriptor(Int32)
        case ended
        /// The kernel is older than Linux 6.5.
        case unsupported
    }

    let credentials: signet_peer_credentials
    let groups: [UInt32]
    let process: Process

    static func read(from options: any SocketOptionProvider) -> EventLoopFuture<SocketFacts> {
        func option<Value: Sendable>(_ name: CInt, _: Value.Type) -> EventLoopFuture<Value> {
            options.unsafeGetSocketOption(level: .socket, name: .init(rawValue: name))
        }
        let groups = option(signet_so_peergroups, signet_peer_groups.self)
            .map { Self.list($0) }
            // More than fit: none can be relied on.
            .recover { _ in [] }
        let process = option(signet_so_peerpidfd, Int32.self).map { Process.descriptor($0) }.recover {
            ($0 as? IOError)?.errnoCode == ESRCH ? .ended : .unsupported
        }
        return option(signet_so_peercred, signet_peer_credentials.self).and(groups).and(process).map {
            SocketFacts(credentials: $0.0.0, groups: $0.0.1, process: $0.1)
        }
    }

    private static func list(_ groups: signet_peer_groups) -> [UInt32] {
        var list = unsafe withUnsafeBytes(of: groups.groups) { unsafe Array($0.bindMemory(to: UInt32.self)) }
        while list.last == 0 { list.removeLast() }
        return list
    }
}

extension PeerProcess {
    fileprivate init(pid: Int32, descriptor: SocketFacts.Process) {
        switch descriptor {
        case .descriptor(let descriptor): self.init(pid: pid, hold: .sure(descriptor))
        case .ended: self.init(pid: pid, hold: .ended)
        case .unsupported: self.init(pid: pid, hold: .none)
        }
    }
}
