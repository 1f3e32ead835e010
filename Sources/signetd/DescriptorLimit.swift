internal import Foundation

/// The soft limit of open files (getrlimit(2)).
enum DescriptorLimit {
    /// The maximum that the daemon can use: three descriptors for each of 10,000 connections, and its own.
    private static let most: rlim_t = 32_768

    /// Raises the soft limit as far as the hard limit allows. If that fails, the daemon continues, and
    /// connections beyond the limit wait.
    static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = min(limit.rlim_max, most)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = wanted
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
