internal import Glibc
internal import TokenProtocol

/// The worker's end of a socketpair. The kernel keeps each message whole (SOCK_SEQPACKET). A message has one frame or more.
struct FrameSocket: Sendable {
    let descriptor: Int32

    /// Room for a message, and for one byte more that tells a message that is too long.
    static func makeBuffer() -> [UInt8] { [UInt8](repeating: 0, count: FrameLimit.bytes + 1) }

    enum Received {
        case frames([ArraySlice<UInt8>])
        /// Nothing came for as long as ``notice(silenceOf:)`` says.
        case silence
        /// The daemon is gone, or sent what no frame can be.
        case hangup
    }

    /// Makes ``receive(_:)`` return when nothing came for so long.
    func notice(silenceOf seconds: UInt16) {
        var timeout = timeval(tv_sec: Int(seconds), tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    /// The frames of the next message, by way of a buffer of ``makeBuffer()``.
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

    /// Sends frames together; false when the daemon is gone.
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
