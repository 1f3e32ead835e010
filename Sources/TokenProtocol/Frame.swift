/// Why bytes from the other end of the socket are not a frame.
public enum FrameError: Error, Sendable, Hashable {
    case truncated
    case trailingBytes
    case unknownVersion(UInt8)
    case unknownKind(UInt8)
    case invalidField(String)
}

/// Limits that both ends keep.
public enum FrameLimit {
    /// The longest message, in bytes. The kernel preserves the boundaries of messages (SOCK_SEQPACKET).
    public static let bytes = 64 * 1024
    /// The first byte of every frame. A daemon and a worker of different versions refuse each other's frames.
    public static let version: UInt8 = 8
}

/// Writes the fields of a frame: integers big-endian, bytes and strings after a length of 32 bits.
struct FrameWriter {
    private(set) var bytes: [UInt8] = []

    init(kind: UInt8, identifier: UInt64) {
        bytes.reserveCapacity(128)
        put(FrameLimit.version)
        put(kind)
        put(identifier)
    }

    mutating func put<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    mutating func put(_ value: [UInt8]) {
        put(UInt32(value.count))
        bytes += value
    }

    mutating func put(_ value: String) { put(Array(value.utf8)) }

    mutating func put(_ list: [String]) {
        put(UInt16(list.count))
        for text in list { put(text) }
    }

    mutating func put(_ value: Bool) { put(UInt8(value ? 1 : 0)) }
}

/// Reads the fields of a frame, never past its end.
struct FrameReader {
    private var rest: ArraySlice<UInt8>
    let kind: UInt8
    let identifier: UInt64

    init(_ frame: ArraySlice<UInt8>) throws(FrameError) {
        rest = frame
        guard let version = rest.popFirst(), let kind = rest.popFirst() else { throw .truncated }
        guard version == FrameLimit.version else { throw .unknownVersion(version) }
        self.kind = kind
        var identifier: UInt64 = 0
        guard rest.count >= 8 else { throw .truncated }
        for byte in rest.prefix(8) { identifier = identifier << 8 | UInt64(byte) }
        rest = rest.dropFirst(8)
        self.identifier = identifier
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type) throws(FrameError)
        -> Number
    {
        let count = Number.bitWidth / 8
        guard rest.count >= count else { throw .truncated }
        var value: Number = 0
        for byte in rest.prefix(count) { value = (count > 1 ? value << 8 : 0) | Number(byte) }
        rest = rest.dropFirst(count)
        return value
    }

    mutating func bytes() throws(FrameError) -> [UInt8] {
        let count = Int(try number(UInt32.self))
        guard rest.count >= count else { throw .truncated }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func string() throws(FrameError) -> String {
        String(decoding: try bytes(), as: UTF8.self)
    }

    mutating func strings() throws(FrameError) -> [String] {
        var list: [String] = []
        for _ in 0..<(try number(UInt16.self)) { list.append(try string()) }
        return list
    }

    mutating func boolean() throws(FrameError) -> Bool {
        switch try number(UInt8.self) {
        case 0: false
        case 1: true
        default: throw .invalidField("boolean")
        }
    }

    consuming func end() throws(FrameError) {
        guard rest.isEmpty else { throw .trailingBytes }
    }
}
