internal import CPlatform
internal import Glibc

/// The user that serves a Unix socket.
public enum ServingUser {
    /// Connects to the socket, asks the kernel for the user of the process that listens (`SO_PEERCRED`), and
    /// closes the connection.
    /// - Returns: nil when no process listens, or when the kernel does not say
    public static func uid(ofSocket path: String) -> UInt32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let octets = Array(path.utf8)
        // unix(7): sun_path holds 108 octets with the terminating zero.
        guard octets.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: octets) }
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else { return nil }
        var credentials = signet_peer_credentials()
        var size = socklen_t(MemoryLayout<signet_peer_credentials>.size)
        guard unsafe getsockopt(descriptor, SOL_SOCKET, signet_so_peercred, &credentials, &size) == 0,
            credentials.uid != UInt32.max
        else { return nil }
        return credentials.uid
    }
}
