internal import CPlatform
internal import Foundation
internal import TokenProtocol

/// Reads the sockets of one worker: one thread for each session reads its answers, and one more checks
/// deadlines.
///
/// A reader only resumes continuations and runs no task itself, because a task that blocked the reader would
/// delay the answers of other calls.
struct WorkerAnswers: Sendable {
    let sockets: WorkerSockets
    let calls: WorkerCalls

    /// The interval of the deadline checks.
    private static let interval: Duration = .milliseconds(200)

    /// Reads the answers of one session until the worker ends or sends an answer that no call waits for. A
    /// worker that sends such an answer is ended.
    func read(session: Int) {
        var buffer = Self.makeBuffer()
        let socket = WorkerSockets.session(session)
        while case .answers(let answers) = receive(from: socket, &buffer), calls.take(answers, from: socket) {
        }
        // This ends ``watch()``.
        sockets.shutDown()
    }

    /// Takes the answer to the opening. Then it removes calls that waited too long and checks deadlines,
    /// until the worker ends or a call is overdue.
    func watch() {
        var timeout = timeval(tv_sec: 0, tv_usec: Int(Self.interval.inMilliseconds) * 1000)
        _ = unsafe setsockopt(
            sockets.all[WorkerSockets.main], SOL_SOCKET, SO_RCVTIMEO, &timeout,
            socklen_t(MemoryLayout<timeval>.size))
        var buffer = Self.makeBuffer()
        var isOpen = false
        while true {
            switch receive(from: WorkerSockets.main, &buffer) {
            // Only the first answer is valid here. A stream of answers would keep this loop from checking
            // deadlines.
            case .answers(let answers):
                if isOpen || !calls.take(answers, from: WorkerSockets.main) { return }
                isOpen = true
            case .end: return
            case .silence:
                calls.dismissOverdue()
                if calls.failOverdue() { return }
            }
        }
    }

    private enum Received {
        case answers([(identifier: UInt64, answer: WorkerAnswer)])
        /// Nothing came for ``interval``.
        case silence
        /// The worker has ended, or sent octets that are not an answer.
        case end
    }

    /// Room for the longest message and one octet more, by which a message that is too long is recognized.
    private static func makeBuffer() -> [UInt8] { [UInt8](repeating: 0, count: FrameLimit.bytes + 1) }

    private func receive(from socket: Int, _ buffer: inout [UInt8]) -> Received {
        while true {
            let count = unsafe recv(sockets.all[socket], &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return .silence }
            guard count > 0, count <= FrameLimit.bytes,
                let answers = try? FrameMessage.split(Array(buffer[..<count])[...]).map(
                    WorkerAnswer.parseBounded)
            else { return .end }
            return .answers(answers)
        }
    }
}
