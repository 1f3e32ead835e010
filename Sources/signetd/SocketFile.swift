internal import Foundation
internal import Settings
internal import VisibleText

/// The socket's file. Only the daemon and the configured users can access it.
struct SocketFile: Sendable {
    let socket: DaemonSettings.Socket

    /// Throws if a process serves on the path, or if the path is not a socket. Changes nothing.
    func checkIsFree() throws(StartupError) {
        try checkDirectory()
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: socket.path) else { return }
        guard !(attributes[.type] as? FileAttributeType == .typeSocket && isAnswering()) else {
            throw StartupError(
                "the socket `\(socket.path)` is in use by another process",
                hint: "stop the daemon that serves on it, or change socket.path", status: .inUse)
        }
    }

    /// Throws if the directory is missing, or another kind of file has the path.
    func checkDirectory() throws(StartupError) {
        let directory = URL(fileURLWithPath: socket.path).deletingLastPathComponent()
            .resolvingSymlinksInPath().path
        let kind = try? FileManager.default.attributesOfItem(atPath: directory)[.type] as? FileAttributeType
        guard kind == .typeDirectory else {
            throw StartupError(
                "the directory of the socket `\(socket.path)` is not there",
                hint: "make `\(directory)`, or change socket.path", status: .configuration)
        }
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: socket.path) else { return }
        guard attributes[.type] as? FileAttributeType == .typeSocket else {
            throw StartupError(
                "`\(socket.path)` is there and is not a socket",
                hint: "move it away, or change socket.path", status: .configuration)
        }
    }

    /// Gives the socket its owner and mode. Until then the umask restricts it to the daemon's user.
    func open() throws(StartupError) {
        var owner: [FileAttributeKey: Any] = [:]
        if let uid = socket.uid { owner[.ownerAccountID] = NSNumber(value: uid) }
        if let gid = socket.gid { owner[.groupOwnerAccountID] = NSNumber(value: gid) }
        do {
            // The mode is set last, so that no user can connect before the owner is right.
            if !owner.isEmpty { try FileManager.default.setAttributes(owner, ofItemAtPath: socket.path) }
            try FileManager.default.setAttributes(
                [.posixPermissions: NSNumber(value: socket.mode)], ofItemAtPath: socket.path)
        } catch {
            throw StartupError(
                "the socket `\(socket.path)` cannot be given its owner, group and mode",
                hint: "the daemon's user may give a file only to itself and its own groups",
                status: .configuration)
        }
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: socket.path)
    }

    private func isAnswering() -> Bool {
        let descriptor = Foundation.socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(socket.path.utf8)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        // Any result other than a refused connection, even a full backlog, means that a process listens.
        return connected == 0 || errno != ECONNREFUSED
    }
}
