internal import Foundation

/// The soft limit of open files (getrlimit(2)).
enum DescriptorLimit {
    /// What the daemon has use for: three descriptors for each of 10,000 connections, and its own.
    private static let most: rlim_t = 32_768

    /// Raises the limit as far as the hard one allows. A daemon that cannot goes on with what it has: connections beyond it wait.
    static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = min(limit.rlim_max, most)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = wanted
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
