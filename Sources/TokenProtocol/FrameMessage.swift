/// A message on the socket: one frame, or several that are processed in order and answered together. Each
/// follows its length, 32 bits big-endian.
public enum FrameMessage {
    public static func join(_ frames: [[UInt8]]) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(frames.reduce(0) { $0 + 4 + $1.count })
        for frame in frames {
            for shift in stride(from: 24, through: 0, by: -8) {
                message.append(UInt8(truncatingIfNeeded: frame.count >> shift))
            }
            message += frame
        }
        return message
    }

    /// - Throws: when the message has no frame, or when it is not a sequence of complete frames
    public static func split(_ message: ArraySlice<UInt8>) throws(FrameError) -> [ArraySlice<UInt8>] {
        var frames: [ArraySlice<UInt8>] = []
        var rest = message
        repeat {
            guard rest.count >= 4 else { throw .truncated }
            let count = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= count else { throw .truncated }
            frames.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        } while !rest.isEmpty
        return frames
    }
}
