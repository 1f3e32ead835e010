import Foundation

/// The attempts of the hostile module, and the mechanism that blocks each.
enum Attempts {
    /// Blocked by the system call filter, on every kernel and for every user.
    static let byFilter: [String: Int32] = Dictionary(
        uniqueKeysWithValues: [
            "process-vm-readv", "process-vm-writev", "ptrace-seize", "kcmp", "pidfd-open", "pidfd-getfd",
            "pidfd-send-signal", "process-madvise", "kill", "kill-all", "kill-group", "kill-own-group",
            "kill-init",
            "tkill", "tgkill", "sigqueue", "tgsigqueue", "setown", "setown-ex", "fiosetown", "siocspgrp",
            "prlimit",
            "setpriority", "ioprio", "affinity", "scheduler", "clone", "execve", "execveat", "io-uring-setup",
            "io-uring-enter", "bpf", "perf-event-open", "userfaultfd", "keyctl", "add-key", "mount", "umount",
            "fsopen",
            "open-tree", "move-mount", "pivot-root", "chroot", "unshare", "setns", "kexec-load",
            "init-module",
            "database-chmod", "database-fchmodat", "database-chown", "state-setxattr",
        ].map { ($0, EPERM) } + [("clone3", ENOSYS)])

    /// Blocked by the filter if the profile allows no sockets.
    static let sockets = [
        "socket-unix", "socket-unix-datagram", "socket-inet", "socket-inet-datagram", "socket-inet6",
        "socket-netlink",
        "socket-vsock", "socketpair-datagram", "api", "health",
    ]

    /// Blocked because the daemon is not dumpable and the worker has no capability.
    static let memory = ["mem-read", "mem-write", "maps", "environ", "fd-open", "root-directory"]

    /// Blocked by Landlock, or by file permissions if the worker has its own user.
    static let files = [
        "database-read", "database-write", "wal-write", "shm-write", "lock-write", "state-make-file",
        "state-make-directory", "state-remove", "database-truncate", "database-by-symlink",
        "database-by-link",
        "other-pin", "configuration-write",
    ]

    /// Blocked by Landlock alone: listing a directory that other users may read, and the names of
    /// descriptors.
    static let lists = ["state-list", "fd-directory"]

    /// Allowed for a module: actions on its own process and in its own directory.
    static let allowed = ["own-kill", "own-tgkill", "own-symlink", "end"]

    static var all: Set<String> {
        Set(byFilter.keys).union(sockets + memory + files + lists + allowed)
    }
}
