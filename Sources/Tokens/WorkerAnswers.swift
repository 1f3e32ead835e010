internal import CPlatform
internal import Foundation
internal import TokenProtocol

/// Reads the sockets of one worker: one thread for each session reads its answers, and one more looks at deadlines.
///
/// A reader resumes continuations and runs no task itself: a task that held a reader would keep the answers of others unread.
struct WorkerAnswers: Sendable {
    let sockets: WorkerSockets
    let calls: WorkerCalls

    /// How often deadlines are looked at.
    private static let interval: Duration = .milliseconds(200)

    /// Reads what one session answers, until the worker ends or sends an answer that no call waits for. A worker that does so is
    /// not trusted to keep deadlines.
    func read(session: Int) {
        var buffer = Self.makeBuffer()
        let socket = WorkerSockets.session(session)
        while case .answers(let answers) = receive(from: socket, &buffer), calls.take(answers, from: socket) {
        }
        // This ends ``watch()``.
        sockets.shutDown()
    }

    /// Takes the answer to the opening, then dismisses calls that waited too long and looks at deadlines, until the worker ends
    /// or a call is overdue.
    func watch() {
        var timeout = timeval(tv_sec: 0, tv_usec: Int(Self.interval.inMilliseconds) * 1000)
        _ = unsafe setsockopt(
            sockets.all[WorkerSockets.main], SOL_SOCKET, SO_RCVTIMEO, &timeout,
            socklen_t(MemoryLayout<timeval>.size))
        var buffer = Self.makeBuffer()
        var isOpen = false
        while true {
            switch receive(from: WorkerSockets.main, &buffer) {
            // Only the first answer comes here. A stream of them would keep this loop from looking at deadlines.
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
        /// The worker is gone, or sent octets that are no answer.
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
