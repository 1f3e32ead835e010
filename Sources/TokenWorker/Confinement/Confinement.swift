internal import CPlatform
internal import Glibc
internal import TokenProtocol

/// Confines the worker before its module is loaded, because a hostile module can do everything that the
/// worker can.
enum Confinement {
    /// Switches to the worker's user, drops root's privileges, and has the kernel refuse everything that the
    /// module does not need. The process must have only one thread. If a step fails, no module is loaded. The
    /// only exception is a kernel without Landlock, about which the daemon warns at its start.
    static func enforce(_ opening: WorkerRequest.Opening) throws(WorkerFailure) {
        if let user = opening.confinement.user {
            try check(unsafe signet_become_user(user), "become the user `\(user)`")
        }
        try check(signet_drop_capabilities(), "give up its capabilities")
        // Repeated because the kernel may make the process dumpable again after a change of user.
        try check(signet_harden_process(), "be kept from being dumped or traced")
        let families = Int32(opening.profile.sockets.rawValue)
        let version = signet_landlock_version()
        if version > 0 { try restrictFiles(version, families, opening) }
        try check(signet_confine_calls(families), "be put under a seccomp filter")
    }

    private static func restrictFiles(
        _ version: Int32, _ families: Int32, _ opening: WorkerRequest.Opening
    ) throws(WorkerFailure) {
        let rules = signet_landlock_begin(version, families)
        guard rules >= 0 else { throw failure("be put under Landlock", -rules) }
        let reach = FileReach(opening)
        for place in try reach.places() {
            let error = signet_landlock_allow(rules, version, place.descriptor, place.isWritable ? 1 : 0)
            close(place.descriptor)
            guard error == 0 else { throw failure("be allowed `\(place.path)`", error) }
        }
        try check(signet_landlock_enforce(rules), "be put under Landlock")
    }

    private static func check(_ error: Int32, _ step: String) throws(WorkerFailure) {
        guard error == 0 else { throw failure(step, error) }
    }

    private static func failure(_ step: String, _ error: Int32) -> WorkerFailure {
        let reason = unsafe String(cString: strerror(error))
        return WorkerFailure(
            .configuration, "the token worker cannot \(step): \(reason); the module was not loaded")
    }
}
