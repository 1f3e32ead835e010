internal import CPlatform
internal import Glibc
internal import Synchronization

/// The process that connected, as it is now.
public struct PeerProcess: ~Copyable, Sendable {
    /// How the process is held.
    public enum Hold: Sendable {
        /// A pidfd that the kernel gave for the process that connected, and no other. It is closed with this
        /// value.
        case pidfd(Int32)
        /// The process had ended when its connection was accepted.
        case ended
        /// The kernel is older than Linux 6.5: only the number is known, which another process may have by
        /// now.
        case numberOnly
    }

    /// Facts of the process that the socket does not know.
    public struct Facts: Sendable {
        public var controlGroup: ControlGroup?
        /// The absolute path of its program; nil when the daemon may not look.
        public var executable: String?

        /// Nothing is known.
        public init() {}
    }

    public struct Fault: Error, Sendable {
        /// Completes "because …".
        public let reason: String
    }

    private let pid: Int32
    private let uid: UInt32
    private let gid: UInt32
    private let hold: Hold
    private let group = ControlGroupFile()
    private let executable = ExecutableLink()

    /// - Parameters:
    ///   - uid: the user the process had when it connected
    ///   - gid: its group then
    public init(pid: Int32, uid: UInt32, gid: UInt32, hold: Hold) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
        self.hold = hold
    }

    deinit {
        if case .pidfd(let descriptor) = hold { close(descriptor) }
    }

    /// Looks at the process again. Without a pidfd no facts are given: they could be those of another process
    /// with the same number.
    /// - Throws: when the process has ended, or has another user or group than it had when it connected
    public func facts() throws(Fault) -> Facts {
        switch hold {
        case .ended: throw Self.gone
        case .numberOnly:
            let descriptor = signet_pidfd_open(pid)
            if descriptor < 0 {
                if errno == ESRCH { throw Self.gone }
                return Facts()
            }
            defer { close(descriptor) }
            if signet_pidfd_has_ended(descriptor) != 0 { throw Self.gone }
            return Facts()
        case .pidfd(let descriptor):
            guard let now = credentials(descriptor) else { throw Self.gone }
            guard now.uid == uid, now.gid == gid else {
                throw Fault(
                    reason:
                        "this peer has changed its user or group since it connected (now uid=\(now.uid) gid=\(now.gid)); connect again"
                )
            }
            var facts = Facts()
            facts.controlGroup = try group.read(ofProcess: pid)
            facts.executable = executable.read(ofProcess: pid)
            // The process is still there, so its own number was looked up.
            if signet_pidfd_has_ended(descriptor) != 0 { throw Self.gone }
            return facts
        }
    }

    private static let gone = Fault(reason: "the process that connected has ended")

    private func credentials(_ descriptor: Int32) -> (uid: UInt32, gid: UInt32)? {
        var (uid, gid): (UInt32, UInt32) = (0, 0)
        switch unsafe signet_pidfd_credentials(descriptor, &uid, &gid) {
        case 0: return (uid, gid)
        case ESRCH: return nil
        // Before Linux 6.13.
        default:
            return fileOctets("/proc/\(pid)/status", atMost: 65_536).flatMap { ProcessStatus(procFile: $0) }
                .map { ($0.uid, $0.gid) }
        }
    }
}

/// `/proc/PID/exe` (proc_pid_exe(5)) of one process.
private final class ExecutableLink: Sendable {
    /// The path read last. While the process runs the file that is there, it need not be read again.
    private let last = Mutex<String?>(nil)

    /// Nil when this process may not look, when the path is not UTF-8, and when it leads to another file
    /// here: in a mount namespace of its own a process can give its program any path.
    func read(ofProcess pid: Int32) -> String? {
        last.withLock { last in
            if let last, unsafe signet_process_runs(pid, last) != 0 { return last }
            last = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { memory -> String? in
                guard let start = memory.baseAddress,
                    unsafe signet_process_executable(pid, start, memory.count) == 0
                else { return nil }
                return unsafe String(validatingCString: start)
            }
            return last
        }
    }
}

/// `/proc/PID/cgroup` (cgroups(7)) of one process.
private final class ControlGroupFile: Sendable {
    private struct State {
        /// Kept open: to find and open the file takes as long as to read it.
        var file: Int32?
        /// The octets read last, and the group in them: a process changes its group seldom.
        var octets: [UInt8] = []
        var group: ControlGroup?
    }

    private let state = Mutex(State())

    deinit {
        if let file = state.withLock({ $0.file }) { close(file) }
    }

    /// Nil when this process may not look, or when the file names no ``ControlGroup``.
    /// - Throws: when this process has no descriptor left: a peer of a unit must not pass for a peer of no
    ///   unit
    func read(ofProcess pid: Int32) throws(PeerProcess.Fault) -> ControlGroup? {
        try state.withLock { state throws(PeerProcess.Fault) in
            if state.file == nil {
                let file = signet_process_open_cgroups(pid)
                if file < 0, [EMFILE, ENFILE, ENOMEM].contains(errno) {
                    throw PeerProcess.Fault(
                        reason:
                            "the daemon has no descriptor left to look at this peer with; raise its LimitNOFILE"
                    )
                }
                guard file >= 0 else { return nil }
                state.file = file
            }
            guard let file = state.file else { return nil }
            return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { memory in
                guard let start = memory.baseAddress, unsafe signet_read_anew(file, start, memory.count) == 0
                else { return nil }
                let octets = unsafe UnsafeRawBufferPointer(start: start, count: strlen(start))
                if unsafe !octets.elementsEqual(state.octets) {
                    state.octets = unsafe Array(octets)
                    state.group = ControlGroup(procFile: state.octets)
                }
                return state.group
            }
        }
    }
}
