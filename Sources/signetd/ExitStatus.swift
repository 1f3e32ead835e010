/// The statuses that `signetd` ends with when it does not start or cannot go on (sysexits(3)).
enum ExitStatus: Int32 {
    /// The command line is wrong. ArgumentParser ends the program with it.
    case usage = 64
    /// A token, its PIN or the database cannot be used.
    case unavailable = 69
    /// The daemon failed after it began to serve.
    case internalError = 70
    /// The kernel does not protect the process.
    case operatingSystem = 71
    /// Another process uses the socket or the database.
    case inUse = 75
    /// The configuration, or a file that it names, is wrong.
    case configuration = 78
}
