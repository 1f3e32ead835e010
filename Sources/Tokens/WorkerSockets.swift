internal import CPlatform
internal import Foundation
internal import Logging

/// The daemon's ends of a worker's sockets.
final class WorkerSockets: Sendable {
    /// The index of the socket for the first request and its answer. Its hangup signals the worker's end.
    static let main = 0

    /// The index of a session's socket.
    static func session(_ number: Int) -> Int { main + 1 + number }

    let all: [Int32]

    private init(_ all: [Int32]) { self.all = all }

    deinit { for descriptor in all { close(descriptor) } }

    /// Starts the configured worker with only its environment, one end of each socket and the memory with the
    /// PIN, if there is one. Its standard error goes into the log, with limits.
    static func startWorker(
        _ configuration: TokenConfiguration, environment: [String: String], logger: Logger
    ) throws(HSMError) -> (WorkerSockets, pid_t) {
        let path = configuration.workerPath
        var (near, far): ([Int32], [Int32]) = ([], [])
        defer { for descriptor in far { close(descriptor) } }
        var error: Int32 = 0
        for _ in 0..<(1 + configuration.sessions) {
            var pair: (near: Int32, far: Int32) = (-1, -1)
            error = unsafe signet_socketpair(&pair.near, &pair.far)
            guard error == 0 else { break }
            near.append(pair.near)
            far.append(pair.far)
        }
        var errors: (reader: Int32, writer: Int32) = (-1, -1)
        if error == 0 { error = unsafe signet_pipe(&errors.reader, &errors.writer) }
        defer { if errors.writer >= 0 { close(errors.writer) } }
        var pid: pid_t = 0
        if error == 0 {
            // As `WorkerDescriptor` numbers them.
            let inherited = [far[0], configuration.pinMemory?.descriptor ?? -1] + far.dropFirst()
            error = unsafe withCStrings([path]) { arguments in
                unsafe withCStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
                    unsafe signet_spawn(
                        path, arguments, variables, errors.writer, inherited, inherited.count, &pid)
                }
            }
        }
        guard error == 0 else {
            for descriptor in near { close(descriptor) }
            if errors.reader >= 0 { close(errors.reader) }
            throw .cannotStartWorker(
                path: path, errno: error, reason: unsafe String(cString: strerror(error)))
        }
        // Registered before it loads its module.
        WorkerRegistry.insert(pid)
        WorkerErrorOutput(descriptor: errors.reader, logger: logger).startReading()
        return (WorkerSockets(near), pid)
    }

    /// Nil when the kernel took the message. It never blocks: a full buffer means that the worker does not
    /// read.
    func send(_ message: [UInt8], to place: Int) -> HSMError? {
        while true {
            let count = unsafe Foundation.send(
                all[place], message, message.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR { continue }
            if count == message.count { return nil }
            return errno == EAGAIN ? .busy : .workerGone
        }
    }

    /// Whether there are unread octets.
    func hasUnread(_ place: Int) -> Bool {
        var poller = pollfd(fd: all[place], events: Int16(POLLIN), revents: 0)
        return unsafe poll(&poller, 1, 0) == 1 && poller.revents & Int16(POLLIN) != 0
    }

    /// Shuts the sockets down: data that was already received can still be read. They are closed only after
    /// the last thread stops using them, because a closed descriptor's number may be reused.
    func shutDown() {
        for descriptor in all { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
}
