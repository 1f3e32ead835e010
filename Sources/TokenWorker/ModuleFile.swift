internal import Glibc
internal import TokenProtocol

/// What must hold of a module's file before it is loaded: loading runs its code with the login.
enum ModuleFile {
    /// The path with its links followed, once the file is known to be root's alone and to lie where modules may.
    /// - Throws: `configuration`, with what to do
    static func check(_ module: ModuleLocation) throws(WorkerFailure) -> String {
        guard module.path.hasPrefix("/") else {
            throw refusal(module, "is not an absolute path")
        }
        guard let resolved = unsafe realpath(module.path, nil) else {
            let reason = unsafe String(cString: strerror(errno))
            throw WorkerFailure(
                .configuration, "the PKCS#11 module `\(module.path)` cannot be loaded: \(reason)")
        }
        let path = unsafe String(cString: resolved)
        unsafe free(resolved)
        guard module.directories.contains(where: { isBelow(path, real($0)) }) else {
            throw refusal(
                module,
                "lies outside the directories modules are loaded from (\(module.directories.joined(separator: ", "))); "
                    + "install it there, or name its directory")
        }
        // The file and every directory above it: who can write one of them can put another module there.
        var current = path
        while true {
            try checkOwner(current, module, isFile: current == path)
            guard let slash = current.lastIndex(of: "/"), current != "/" else { break }
            current = slash == current.startIndex ? "/" : String(current[..<slash])
        }
        return path
    }

    private static func checkOwner(
        _ path: String, _ module: ModuleLocation, isFile: Bool
    ) throws(WorkerFailure) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw refusal(module, "cannot be looked at: `\(path)`") }
        if isFile, status.st_mode & S_IFMT != S_IFREG { throw refusal(module, "is not a regular file") }
        let isOwn = module.allowsOwnUser && status.st_uid == geteuid()
        guard status.st_uid == 0 || isOwn else {
            throw refusal(
                module,
                "must belong to root, and `\(path)` belongs to uid \(status.st_uid); run `chown root \(path)`"
            )
        }
        // In a directory with the sticky bit nobody replaces what is another's.
        let isSticky = !isFile && status.st_mode & S_ISVTX != 0
        guard status.st_mode & 0o022 == 0 || isSticky || isOwn else {
            throw refusal(
                module,
                "must be root's alone to change, and others can write `\(path)`; run `chmod go-w \(path)`")
        }
    }

    private static func isBelow(_ path: String, _ directory: String) -> Bool {
        path.hasPrefix(directory == "/" ? "/" : directory + "/")
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
