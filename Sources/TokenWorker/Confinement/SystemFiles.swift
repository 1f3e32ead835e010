/// The files of the system that every module may reach. Files for one vendor belong in profiles and `paths`.
enum SystemFiles {
    /// Libraries, data and configuration, which a module may read like any program. Programs among them
    /// cannot be executed.
    static let read = [
        "/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/opt", "/etc",
        // Processors, devices and limits of the machine, and the worker itself.
        "/sys", "/proc/sys", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems",
        "/proc/version",
        "/proc/self",
    ]

    /// The targets of the links in /etc for name resolution.
    static let readForNames = ["/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager"]

    /// Devices without relevant state.
    static let written = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"]
}
