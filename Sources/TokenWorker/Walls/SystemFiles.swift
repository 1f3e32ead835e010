/// What every module may reach of the machine. Nothing here is for one maker: that is for profiles and `paths`.
enum SystemFiles {
    /// Libraries, data and configuration, which a module reads like any program; programs among them cannot be started.
    static let read = [
        "/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/etc",
        // Processors, devices and limits of the machine, and the worker itself.
        "/sys", "/proc/sys", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems",
        "/proc/version",
        "/proc/self",
    ]

    /// Where the links in /etc lead that say how names become addresses.
    static let readForNames = ["/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager"]

    /// Devices without a state that matters.
    static let written = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"]
}
