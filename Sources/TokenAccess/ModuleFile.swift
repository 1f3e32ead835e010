internal import Glibc
internal import TokenProtocol
internal import TrustedPaths

/// The checks of a module's file before it is loaded, because its code will run with the login.
enum ModuleFile {
    /// The path with links resolved, after checking that only root can change the file and that it is in a
    /// module directory.
    /// - Throws: `configuration`, with what to do
    static func check(_ module: ModuleLocation) throws(WorkerFailure) -> String {
        guard module.path.hasPrefix("/") else {
            throw refusal(module, "is not an absolute path")
        }
        let steps: [PathWalk.Step]
        do { steps = try PathWalk.steps(to: module.path) } catch {
            throw WorkerFailure(
                .configuration, "the PKCS#11 module `\(module.path)` cannot be loaded: \(error.reason)")
        }
        guard let file = steps.last else { throw refusal(module, "is not a regular file") }
        guard module.directories.contains(where: { isBelow(file.path, real($0)) }) else {
            throw refusal(
                module,
                "lies outside the directories modules are loaded from (\(module.directories.joined(separator: ", "))); "
                    + "install it there, or name its directory")
        }
        guard file.kind == .regularFile else { throw refusal(module, "is not a regular file") }
        // Checks the file and every directory and link on its path, because a user that can change one of
        // them can replace the module.
        for step in steps { try checkOwner(step, module) }
        return file.path
    }

    private static func checkOwner(
        _ step: PathWalk.Step, _ module: ModuleLocation
    ) throws(WorkerFailure) {
        let isOwn = module.allowsOwnUser && step.owner == geteuid()
        guard step.owner == 0 || isOwn else {
            let command = step.kind == .link ? "chown -h" : "chown"
            throw refusal(
                module,
                "must belong to root, and `\(step.path)` belongs to uid \(step.owner); run `\(command) root \(step.path)`"
            )
        }
        guard !step.isOpenToOthers || isOwn else {
            throw refusal(
                module,
                "must be root's alone to change, and others can write `\(step.path)`; run `chmod go-w \(step.path)`"
            )
        }
    }

    private static func isBelow(_ path: String, _ directory: String) -> Bool {
        path.utf8.starts(with: (directory == "/" ? "/" : directory + "/").utf8)
    }

    private static func real(_ directory: String) -> String {
        guard let resolved = unsafe realpath(directory, nil) else { return directory }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private static func refusal(_ module: ModuleLocation, _ reason: String) -> WorkerFailure {
        WorkerFailure(.configuration, "the PKCS#11 module `\(module.path)` \(reason); it was not loaded")
    }
}
