internal import CPlatform
internal import Glibc
public import PKCS11
public import TokenProtocol
internal import TrustedPaths
public import VisibleText

/// Reads a PIN from its configured source into locked memory.
public enum PINReader {
    /// - Parameter prompt: the text shown at a terminal, such as `user PIN of issuing: `
    /// - Throws: `configuration` for a PIN with characters that cannot be typed; such a PIN must never reach
    ///   a token, which would count the attempt
    public static func read(_ source: PINSource, prompt: EscapedText) throws(WorkerFailure) -> SecretBytes {
        let pin = try contents(of: source, prompt)
        try requireTypable(pin, from: source)
        return pin
    }

    private static func contents(of source: PINSource, _ prompt: EscapedText) throws(WorkerFailure)
        -> SecretBytes
    {
        switch source {
        case .file, .credential: return try read(source, from: try openFile(source, owner: nil))
        case .descriptor(let number): return try descriptor(number)
        case .memory: return try memory(WorkerDescriptor.secret)
        case .prompt: return try terminal(prompt)
        case .protectedAuthenticationPath:
            throw WorkerFailure(.configuration, "there is no PIN to read: it is given at the token")
        }
    }

    /// Opens the file with the PIN, if only its owner can read it. Nil for a PIN from another source.
    public static func openFile(_ opening: WorkerRequest.Opening) throws(WorkerFailure) -> Int32? {
        switch opening.pin {
        case .file, .credential: return try openFile(opening.pin, owner: opening.confinement.user)
        default: return nil
        }
    }

    /// The message has the fault and the source of the PIN, but neither the PIN nor its length.
    static func requireTypable(
        _ pin: borrowing SecretBytes, from source: PINSource
    ) throws(WorkerFailure) {
        guard let fault = pin.unprintableFault else { return }
        let place =
            switch source {
            case .file(let path): "the PIN file `\(path)`"
            case .credential(let path): "the credential `\(path)`"
            case .descriptor(let number): "descriptor \(number)"
            case .memory: "what was given at the daemon's start"
            case .prompt, .protectedAuthenticationPath: "what was typed"
            }
        throw WorkerFailure(.configuration, "\(place) holds \(fault), so no PIN was tried")
    }

    /// - Parameter owner: an account that may own the file, in addition to root and this process's user
    private static func openFile(_ source: PINSource, owner: String?) throws(WorkerFailure) -> Int32 {
        let (path, name) = place(source)
        let isCredential = if case .credential = source { true } else { false }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            throw WorkerFailure(.configuration, "\(name) cannot be opened: \(reason)")
        }
        do throws(WorkerFailure) {
            let trusted = trustedOwners(owner)
            try check(descriptor, path, name, isCredential, trusted)
            try checkWay(to: path, name, trusted)
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    /// The path, and its name in messages.
    private static func place(_ source: PINSource) -> (path: String, name: String) {
        switch source {
        case .file(let path): (path, "the PIN file `\(path)`")
        case .credential(let path): (path, "the credential `\(path)`")
        default: ("", "the PIN")
        }
    }

    /// Root, this process's user, and the account of that name.
    private static func trustedOwners(_ account: String?) -> Set<UInt32> {
        var trusted: Set<UInt32> = [0, geteuid()]
        var uid: UInt32 = 0
        if let account, unsafe signet_find_user(account, &uid) == 0 { trusted.insert(uid) }
        return trusted
    }

    /// Checks every directory and link on the path to the file. A user that can change one of them could
    /// replace the file, and the token would count a wrong PIN.
    private static func checkWay(
        to path: String, _ name: String, _ trusted: Set<UInt32>
    ) throws(WorkerFailure) {
        let steps: [PathWalk.Step]
        do { steps = try PathWalk.steps(to: path) } catch {
            throw WorkerFailure(.configuration, "the way to \(name) cannot be looked at: \(error.reason)")
        }
        for step in steps.dropLast() {
            guard trusted.contains(step.owner) else {
                throw WorkerFailure(
                    .configuration,
                    "\(name) cannot be trusted: `\(step.path)` belongs to uid \(step.owner); it must belong to root or to the user that reads it"
                )
            }
            guard !step.isOpenToOthers else {
                throw WorkerFailure(
                    .configuration,
                    "\(name) cannot be trusted: others can write `\(step.path)`; run `chmod go-w \(step.path)`"
                )
            }
        }
    }

    private static func check(
        _ descriptor: Int32, _ path: String, _ name: String, _ isCredential: Bool, _ trusted: Set<UInt32>
    ) throws(WorkerFailure) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw WorkerFailure(.configuration, "\(name) is not a regular file")
        }
        guard trusted.contains(status.st_uid) else {
            throw WorkerFailure(
                .configuration,
                "\(name) belongs to uid \(status.st_uid); it must belong to root or to the user that reads it"
            )
        }
        // systemd.exec(5): credentials are closed to all but the service's user, with an access control list
        // whose mask stands in the group's bits.
        let forbidden: mode_t = isCredential ? 0o037 : 0o077
        guard status.st_mode & forbidden == 0 else {
            throw WorkerFailure(
                .configuration,
                isCredential
                    ? "\(name) can be written by its group or read by others; systemd makes none like that"
                    : "\(name) can be read by others; run `chmod 600 \(path)`")
        }
    }

    /// The bytes of an opened file without a line end. Closes the file.
    static func read(_ source: PINSource, from descriptor: Int32) throws(WorkerFailure) -> SecretBytes {
        let name = place(source).name
        defer { close(descriptor) }
        var pin = try emptySecret()
        guard pin.fill(from: descriptor) else {
            throw WorkerFailure(
                .configuration, "\(name) cannot be read, or is longer than \(SecretBytes.capacity) bytes")
        }
        pin.dropTrailingNewline()
        guard pin.count > 0 else { throw WorkerFailure(.configuration, "\(name) is empty") }
        try requireTypable(pin, from: source)
        return pin
    }

    private static func descriptor(_ number: Int32) throws(WorkerFailure) -> SecretBytes {
        var pin = try emptySecret()
        guard pin.fill(from: number) else {
            throw WorkerFailure(
                .configuration,
                "descriptor \(number) cannot be read, or holds more than \(SecretBytes.capacity) bytes; "
                    + "open it for this program, such as with `\(number)< FILE`")
        }
        pin.dropTrailingNewline()
        guard pin.count > 0 else {
            throw WorkerFailure(
                .configuration, "descriptor \(number) holds no PIN: it is empty, or was read before")
        }
        return pin
    }

    private static func memory(_ descriptor: Int32) throws(WorkerFailure) -> SecretBytes {
        var pin = try emptySecret()
        guard pin.fill(fromMemory: descriptor) else {
            throw WorkerFailure(.configuration, "the PIN that was given at the daemon's start is not there")
        }
        return pin
    }

    /// Prompts at the terminal without echo.
    private static func terminal(_ prompt: EscapedText) throws(WorkerFailure) -> SecretBytes {
        let terminal = signet_open_terminal()
        guard terminal >= 0 else {
            throw WorkerFailure(
                .configuration,
                "there is no terminal to ask for the PIN at; give a file or another source (the command's --help lists those it takes)"
            )
        }
        defer { close(terminal) }
        var pin = try emptySecret()
        guard signet_hide_echo(terminal) == 0 else {
            throw WorkerFailure(
                .configuration, "the echo of the terminal cannot be switched off; no PIN was asked for")
        }
        write(prompt, to: terminal)
        let isRead = pin.fillLine(from: terminal)
        signet_restore_echo()
        write("\n", to: terminal)
        guard isRead, pin.count > 0 else { throw WorkerFailure(.configuration, "no PIN was given") }
        return pin
    }

    private static func write(_ text: EscapedText, to descriptor: Int32) {
        let bytes = Array(text.text.utf8)
        _ = unsafe Glibc.write(descriptor, bytes, bytes.count)
    }

    private static func emptySecret() throws(WorkerFailure) -> SecretBytes {
        guard let secret = SecretBytes() else {
            throw WorkerFailure(
                .configuration,
                "no memory can be locked for the PIN; raise the limit on locked memory (ulimit -l)")
        }
        return secret
    }
}
