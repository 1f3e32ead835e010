/// A message of the socket: one frame, or several that are done one after the other and answered together. Each stands behind
/// its length, 32 bits big-endian.
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

    /// - Throws: when it is not frames from the first byte to the last, or none at all
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
