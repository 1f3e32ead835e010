internal import Authorization
internal import CPlatform
internal import Foundation
internal import Synchronization

/// The process that connected, as it is now.
struct PeerProcess: ~Copyable, Sendable {
    enum Hold: Sendable {
        /// A pidfd the kernel gave for the process that connected, and no other.
        case sure(Int32)
        case ended
        /// Only its number is known, which another process may have by now.
        case none
    }

    struct Fault: Error {
        /// Completes "because …".
        let reason: String
    }

    private let pid: Int32
    private let hold: Hold
    private let group = ControlGroupReader()
    private let executable = Executable()

    init(pid: Int32, hold: Hold) {
        self.pid = pid
        self.hold = hold
    }

    deinit {
        if case .sure(let descriptor) = hold { close(descriptor) }
    }

    /// Adds what can be told of the process to what the socket told. Without a pidfd nothing is added: a program or unit
    /// could be that of another process with the same number.
    func complete(_ peer: inout Peer) throws(Fault) {
        switch hold {
        case .ended: throw Self.gone
        case .none:
            let descriptor = signet_pidfd_open(pid)
            if descriptor < 0 {
                if errno == ESRCH { throw Self.gone }
                return
            }
            defer { close(descriptor) }
            if signet_pidfd_has_ended(descriptor) != 0 { throw Self.gone }
        case .sure(let descriptor):
            guard let now = credentials(descriptor) else { throw Self.gone }
            guard now.uid == peer.uid, now.gid == peer.gid else {
                throw Fault(
                    reason:
                        "this peer has changed its user or group since it connected (now uid=\(now.uid) gid=\(now.gid)); connect again"
                )
            }
            let group = try group.path(ofProcess: pid)
            let executable = executable.path(ofProcess: pid)
            // Still there, so it was its own number that was looked up.
            if signet_pidfd_has_ended(descriptor) != 0 { throw Self.gone }
            peer = Peer(
                pid: peer.pid, uid: peer.uid, gid: peer.gid, groups: peer.groups, cgroup: group,
                executable: executable)
        }
    }

    fileprivate static let noRoom = Fault(
        reason: "the daemon has no descriptor left to look at this peer with; raise its LimitNOFILE")
    private static let gone = Fault(reason: "the process that connected has ended")

    private func credentials(_ descriptor: Int32) -> (uid: UInt32, gid: UInt32)? {
        var (uid, gid): (UInt32, UInt32) = (0, 0)
        switch unsafe signet_pidfd_credentials(descriptor, &uid, &gid) {
        case 0: return (uid, gid)
        case ESRCH: return nil
        // Before Linux 6.13.
        default: return ProcessStatus.credentials(ofProcess: pid)
        }
    }
}

/// `/proc/PID/status` (proc_pid_status(5)).
private enum ProcessStatus {
    /// Effective user and group.
    static func credentials(ofProcess pid: Int32) -> (uid: UInt32, gid: UInt32)? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else {
            return nil
        }
        // Real, effective, saved, file system.
        func effective(_ name: String) -> UInt32? {
            text.split(separator: "\n").first { $0.hasPrefix(name) }
                .flatMap { $0.split(separator: "\t").dropFirst(2).first }.flatMap { UInt32($0) }
        }
        guard let uid = effective("Uid:"), let gid = effective("Gid:") else { return nil }
        return (uid, gid)
    }
}

/// `/proc/PID/exe` (proc_pid_exe(5)) of one process, for every request anew.
private final class Executable: Sendable {
    /// What was read last. While the process runs the file that is there, it need not be read again.
    private let last = Mutex<String?>(nil)

    /// Nil when this process may not look, and when the path leads to another file here: in a mount namespace of its own a
    /// process can give its program any path.
    func path(ofProcess pid: Int32) -> String? {
        last.withLock { last in
            if let last, unsafe signet_process_runs(pid, last) != 0 { return last }
            last = unsafe textOfProcess(at: 4096) { unsafe signet_process_executable(pid, $0, $1) }
            return last
        }
    }
}

/// Reads `/proc/PID/cgroup` (cgroups(7)) of one process, for every request anew.
private final class ControlGroupReader: Sendable {
    /// What was read last, and what it came to: a process changes its group seldom.
    private struct Reading {
        /// Kept, for to find and open it takes as long as to read it.
        var file: Int32?
        var text = ""
        var path: String?
    }

    private let last = Mutex(Reading())

    deinit {
        if let file = last.withLock({ $0.file }) { close(file) }
    }

    /// Nil when this process may not look, or the group is none that ``ControlGroup`` tells.
    /// - Throws: when this process has no room to look: a peer of a unit must not pass for one of none
    func path(ofProcess pid: Int32) throws(PeerProcess.Fault) -> String? {
        try last.withLock { last throws(PeerProcess.Fault) in
            if last.file == nil {
                let file = signet_process_open_cgroups(pid)
                if file < 0, [EMFILE, ENFILE, ENOMEM].contains(errno) { throw PeerProcess.noRoom }
                guard file >= 0 else { return nil }
                last.file = file
            }
            guard let file = last.file,
                let text = unsafe textOfProcess(
                    at: 16_384, known: last.text, { unsafe signet_read_anew(file, $0, $1) })
            else { return nil }
            if last.text != text {
                last.text = text
                last.path = ControlGroup.path(in: text)
            }
            return last.path
        }
    }
}

/// `/proc/PID/cgroup` (cgroups(7)).
enum ControlGroup {
    /// Where systemd keeps the process: its own hierarchy where there is one, or the unified one. Nil when it says neither,
    /// or the group lies outside of what this process sees.
    static func path(in text: String) -> String? {
        var unified: Substring?
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            if parts[1] == "name=systemd" { return checked(parts[2]) }
            if parts[0] == "0", parts[1].isEmpty { unified = parts[2] }
        }
        return unified.flatMap(checked)
    }

    private static func checked(_ path: Substring) -> String? {
        guard path.hasPrefix("/"), !path.split(separator: "/").contains(".."), !path.hasSuffix(" (deleted)")
        else {
            return nil
        }
        return String(path)
    }
}

/// What `read` writes into memory of so many bytes, and ends with a zero; nil when it fails or the text is not UTF-8.
/// - Parameter known: given back, instead of a new one, when it is the same text
private func textOfProcess(
    at most: Int, known: String = "", _ read: (_ text: UnsafeMutablePointer<CChar>, _ size: Int) -> Int32
) -> String? {
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: most) { memory in
        guard let start = memory.baseAddress, unsafe read(start, most) == 0 else { return nil }
        if unsafe strcmp(start, known) == 0 { return known }
        return unsafe String(validatingCString: start)
    }
}
