internal import CPlatform
internal import Foundation

/// The daemon's ends of a worker's sockets.
final class WorkerSockets: Sendable {
    /// Carries every request, the answer to the first, and the news of the worker's end.
    let main: Int32
    /// Of each session, what carries its answers.
    let answers: [Int32]

    private init(main: Int32, answers: [Int32]) {
        self.main = main
        self.answers = answers
    }

    deinit { for descriptor in [main] + answers { close(descriptor) } }

    /// Starts the configured worker with nothing but its environment, one end of each socket and the memory with the PIN,
    /// if there is one.
    static func startWorker(
        _ configuration: TokenConfiguration, environment: [String: String]
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
        var pid: pid_t = 0
        if error == 0 {
            // As `WorkerDescriptor` numbers them.
            let inherited = [far[0], configuration.pinMemory?.descriptor ?? -1] + far.dropFirst()
            error = unsafe withCStrings([path]) { arguments in
                unsafe withCStrings(environment.map { "\($0.key)=\($0.value)" }) { variables in
                    unsafe signet_spawn(path, arguments, variables, inherited, inherited.count, &pid)
                }
            }
        }
        guard error == 0 else {
            for descriptor in near { close(descriptor) }
            throw .cannotStartWorker(
                path: path, errno: error, reason: unsafe String(cString: strerror(error)))
        }
        return (WorkerSockets(main: near[0], answers: Array(near.dropFirst())), pid)
    }

    /// Nil when the kernel took the message. It never waits: a full buffer means that the worker does not read.
    func send(_ message: [UInt8]) -> HSMError? {
        while true {
            let count = unsafe Foundation.send(
                main, message, message.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR { continue }
            if count == message.count { return nil }
            return errno == EAGAIN ? .busy : .workerGone
        }
    }

    /// What is there already can be read; then they end. They are closed only when nobody uses them any more: their numbers
    /// could be another file's by then.
    func shutDown() {
        for descriptor in [main] + answers { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
}
