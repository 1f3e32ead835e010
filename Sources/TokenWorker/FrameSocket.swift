internal import Glibc
internal import TokenProtocol

/// The worker's end of the socketpair. The kernel keeps each message whole (SOCK_SEQPACKET), so many threads
/// read and write it without a lock between them.
struct FrameSocket: Sendable {
    let descriptor: Int32

    /// Room for a frame, and for one byte more that tells a frame that is too long.
    static func makeBuffer() -> [UInt8] { [UInt8](repeating: 0, count: FrameLimit.bytes + 1) }

    /// The next frame, by way of a buffer of ``makeBuffer()``; nil when the daemon is gone or sent what no
    /// frame can be.
    func receive(_ buffer: inout [UInt8]) -> [UInt8]? {
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0, count <= FrameLimit.bytes else { return nil }
            return Array(buffer.prefix(count))
        }
    }

    /// Sends a frame; false when the daemon is gone.
    @discardableResult
    func send(_ frame: [UInt8]) -> Bool {
        while true {
            let count = unsafe Glibc.send(descriptor, frame, frame.count, Int32(MSG_NOSIGNAL))
            if count < 0, errno == EINTR { continue }
            return count == frame.count
        }
    }

    /// Returns when the daemon has closed its end.
    func waitForHangup() {
        var poller = pollfd(fd: descriptor, events: 0, revents: 0)
        while true {
            let ready = unsafe poll(&poller, 1, -1)
            if ready < 0, errno == EINTR { continue }
            return
        }
    }
}
