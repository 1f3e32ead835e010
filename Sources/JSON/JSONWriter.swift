/// Writes JSON texts (RFC 8259) whose bytes depend on the value alone: members are in the order of their
/// names, and only necessary escapes are used.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private let isIndented: Bool

    init(isIndented: Bool, capacity: Int = 1024) {
        self.isIndented = isIndented
        bytes.reserveCapacity(capacity)
    }

    mutating func write(_ value: JSONValue, depth: Int = 0) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: value.description.utf8)
        case .number(let value): write(value)
        case .string(let text): write(text)
        case .array(let values): write(values, depth)
        case .object(let members): write(members, depth)
        }
    }

    mutating func append(_ sign: Unicode.Scalar) { bytes.append(UInt8(ascii: sign)) }

    /// Writes the name of a member, with the punctuation and line ends around it.
    mutating func begin(_ name: String, isFirst: Bool, depth: Int = 0) {
        separate(isFirst, depth)
        write(name)
        bytes.append(contentsOf: (isIndented ? " : " : ":").utf8)
    }

    /// Writes a list on one line.
    mutating func write(_ list: TextList) {
        append("[")
        switch list.content {
        case .empty: break
        case .one(let text): write(text)
        case .several(let texts):
            for place in texts.indices {
                if place > 0 { append(",") }
                write(texts[place])
            }
        }
        append("]")
    }

    private mutating func write(_ values: [JSONValue], _ depth: Int) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for value in values {
            separate(isFirst, depth + 1)
            isFirst = false
            write(value, depth: depth + 1)
        }
        if !values.isEmpty { breakLine(depth) }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ members: JSONObject, _ depth: Int) {
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        for (name, value) in members {
            begin(name, isFirst: isFirst, depth: depth + 1)
            isFirst = false
            write(value, depth: depth + 1)
        }
        if !members.isEmpty { breakLine(depth) }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func separate(_ isFirst: Bool, _ depth: Int) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        breakLine(depth)
    }

    private mutating func breakLine(_ depth: Int) {
        guard isIndented else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    /// Writes a number. A number that is not finite becomes null; an integer has no fraction.
    private mutating func write(_ number: Double) {
        if let whole = Int64(exactly: number), abs(number) < 1e15 {
            bytes.append(contentsOf: whole.description.utf8)
        } else {
            bytes.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
        }
    }

    mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        // The common case: the text is copied whole.
        let isCopied = unsafe text.utf8.withContiguousStorageIfAvailable { octets in
            guard unsafe Self.isPlain(octets) else { return false }
            unsafe bytes.append(contentsOf: octets)
            return true
        }
        if isCopied != true {
            for byte in text.utf8 {
                if byte < 0x20 {
                    escape(control: byte)
                } else {
                    if Self.isEscaped(byte) { bytes.append(UInt8(ascii: "\\")) }
                    bytes.append(byte)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Whether no octet must be escaped. It tests eight octets at once, because events have kilobytes of
    /// text.
    private static func isPlain(_ octets: UnsafeBufferPointer<UInt8>) -> Bool {
        let bytes = UnsafeRawBufferPointer(octets)
        var place = 0
        while place + 8 <= bytes.count {
            let word = unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            // `(x - n) & ~x` has the highest bit of an octet set if and only if an octet is below n (n at
            // most 0x80).
            let control = (word &- 0x2020_2020_2020_2020) & ~word
            let quote = word ^ 0x2222_2222_2222_2222
            let backslash = word ^ 0x5C5C_5C5C_5C5C_5C5C
            let equal =
                (quote &- 0x0101_0101_0101_0101) & ~quote
                | (backslash &- 0x0101_0101_0101_0101) & ~backslash
            if (control | equal) & 0x8080_8080_8080_8080 != 0 { return false }
            place += 8
        }
        while place < bytes.count {
            if unsafe isEscaped(bytes[place]) { return false }
            place += 1
        }
        return true
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(control byte: UInt8) {
        let short: UInt8? =
            switch byte {
            case 0x08: UInt8(ascii: "b")
            case 0x09: UInt8(ascii: "t")
            case 0x0A: UInt8(ascii: "n")
            case 0x0C: UInt8(ascii: "f")
            case 0x0D: UInt8(ascii: "r")
            default: nil
            }
        bytes.append(UInt8(ascii: "\\"))
        if let short { return bytes.append(short) }
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(contentsOf: "u00".utf8)
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 0xF)])
    }
}
