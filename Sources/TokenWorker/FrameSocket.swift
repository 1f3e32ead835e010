internal import Glibc
internal import TokenProtocol

/// The worker's end of a socketpair. The kernel keeps each message whole (SOCK_SEQPACKET). A message has one
/// frame or more.
struct FrameSocket: Sendable {
    let descriptor: Int32

    /// Room for a message and one more byte, to detect a message that is too long.
    static func makeBuffer() -> [UInt8] { [UInt8](repeating: 0, count: FrameLimit.bytes + 1) }

    enum Received {
        case frames([ArraySlice<UInt8>])
        /// No message came for the time set by ``setReceiveTimeout()``.
        case silence
        /// The daemon has ended, or sent an invalid frame.
        case hangup
    }

    /// Makes ``receive(_:)`` return when no message came for this time.
    func setReceiveTimeout(_ seconds: UInt16) {
        var timeout = timeval(tv_sec: Int(seconds), tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    /// The frames of the next message, read into a buffer from ``makeBuffer()``.
    func receive(_ buffer: inout [UInt8]) -> Received {
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return .silence }
            guard count > 0, count <= FrameLimit.bytes,
                let frames = try? FrameMessage.split(Array(buffer.prefix(count))[...])
            else { return .hangup }
            return .frames(frames)
        }
    }

    /// Sends frames in one message; false when the daemon has ended.
    @discardableResult
    func send(_ frames: [[UInt8]]) -> Bool {
        let message = FrameMessage.join(frames)
        while true {
            let count = unsafe Glibc.send(descriptor, message, message.count, Int32(MSG_NOSIGNAL))
            if count < 0, errno == EINTR { continue }
            return count == message.count
        }
    }

    /// Returns when the daemon has closed its end.
    /// - Parameter beat: called whenever `seconds` passed; never for 0
    func waitForHangup(every seconds: UInt16 = 0, beat: () -> Void = {}) {
        var poller = pollfd(fd: descriptor, events: 0, revents: 0)
        while true {
            let ready = unsafe poll(&poller, 1, seconds == 0 ? -1 : Int32(seconds) * 1000)
            if ready < 0, errno == EINTR { continue }
            guard ready == 0 else { return }
            beat()
        }
    }
}
