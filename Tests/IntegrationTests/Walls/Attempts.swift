import Foundation

/// What the hostile module attempts, and what stops it.
enum Attempts {
    /// Refused by the filter of system calls, on every kernel and for every user.
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

    /// Refused by the filter where the profile has no sockets.
    static let sockets = [
        "socket-unix", "socket-unix-datagram", "socket-inet", "socket-inet-datagram", "socket-inet6",
        "socket-netlink",
        "socket-vsock", "socketpair-datagram", "api", "health",
    ]

    /// Refused because the daemon is closed to others and the worker has no capability.
    static let memory = ["mem-read", "mem-write", "maps", "environ", "fd-open", "root-directory"]

    /// Refused by Landlock, or by the permissions of files for a user of the worker's own.
    static let files = [
        "database-read", "database-write", "wal-write", "shm-write", "lock-write", "state-make-file",
        "state-make-directory", "state-remove", "database-truncate", "database-by-symlink",
        "database-by-link",
        "other-pin", "configuration-write",
    ]

    /// Refused by Landlock alone: the list of a directory that others may read, and the names of descriptors.
    static let lists = ["state-list", "fd-directory"]

    /// What a module may do: to itself, and in its own directory.
    static let allowed = ["own-kill", "own-tgkill", "own-symlink", "end"]

    static var all: Set<String> {
        Set(byFilter.keys).union(sockets + memory + files + lists + allowed)
    }
}
