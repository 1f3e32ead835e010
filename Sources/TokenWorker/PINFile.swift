internal import Glibc
internal import PKCS11
internal import TokenProtocol

/// Reads a PIN from a file that only its owner can read.
enum PINFile {
    /// The file's bytes without a line end, in locked memory.
    static func read(_ path: String) throws(WorkerFailure) -> SecretBytes {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw WorkerFailure(.configuration, "the PIN file `\(path)` cannot be opened: \(reason)")
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw WorkerFailure(.configuration, "the PIN file `\(path)` is not a regular file")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw WorkerFailure(
                .configuration,
                "the PIN file `\(path)` belongs to uid \(status.st_uid); it must belong to the daemon's user or root"
            )
        }
        guard status.st_mode & 0o077 == 0 else {
            throw WorkerFailure(
                .configuration, "the PIN file `\(path)` can be read by others; run `chmod 600 \(path)`")
        }
        guard var pin = SecretBytes() else {
            throw WorkerFailure(
                .configuration,
                "no memory can be locked for the PIN; raise the limit on locked memory (ulimit -l)")
        }
        guard pin.fill(from: descriptor) else {
            throw WorkerFailure(
                .configuration,
                "the PIN file `\(path)` cannot be read, or is longer than \(SecretBytes.capacity) bytes")
        }
        pin.dropTrailingNewline()
        guard pin.count > 0 else { throw WorkerFailure(.configuration, "the PIN file `\(path)` is empty") }
        return pin
    }
}
